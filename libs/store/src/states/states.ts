/**
 * States of customers: a log of changes, brought into rows by checkpoint (ADR 0017).
 *
 * 1. A commit appends what it changed as one row of the log; `customer_state` is written later. Together they are the truth:
 *    the newest state of a customer is in the log, and where that has none, in its row.
 * 2. What the log holds of a partition, its owner has in memory: a state is looked for there before its row is read.
 * 3. A checkpoint writes the newest states of the log into rows and then deletes what it wrote from the log, in this order:
 *    a crash in between repeats it. A row never goes back to an older version, so that an owner who does not know yet that it
 *    was replaced does no harm either.
 * 4. The log of a partition is bounded: a commit waits while a checkpoint is behind by a whole log. So are memory, and what
 *    the next owner reads.
 * 5. One checkpoint at a time: it takes its share of the database, not all of it.
 */
import { type StateRow, StateRows } from '@perennial/engine';
import type { Database } from '../database';
import { loadStates } from '../sql/load-states';
import { removeStateLog, type StateLogRow } from '../sql/state-log';
import { bind } from '../statement';
import { ChangedStates } from './changed-states';
import { writeStatements } from './write-statements';

export interface StateLimits {
  /** Bytes that a partition's log may take before a checkpoint begins; at most twice as many until it ends. */
  readonly logBytes: number;
  /** A checkpoint begins at the latest this long after the first change that it is to write. */
  readonly rowsBehindMs: number;
}

/** One checkpoint, for the metrics. */
export interface Checkpoint {
  readonly partition: number;
  /** Changes in the log that it made one of. */
  readonly customers: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface StateOptions {
  readonly limits: StateLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly checkpointed: (checkpoint: Checkpoint) => void;
}

interface Open {
  young: ChangedStates;
  /** When the first change came into the young one. */
  since: number;
  /** What a checkpoint is to write; null: none is due. */
  frozen: ChangedStates | null;
  running: Promise<void> | null;
}

const PART = 1_000;

export class States {
  private readonly open = new Map<number, Open>();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly options: StateOptions,
  ) {}

  /** A new owner, and the log as its claim found it. */
  claimed(partition: number, log: readonly StateLogRow[]): void {
    const young = new ChangedStates();
    for (const { first_offset, bytes } of log) young.add(first_offset, StateRows.read(bytes));
    this.open.set(partition, { young, since: this.options.now(), frozen: null, running: null });
  }

  released(partition: number): void {
    this.open.delete(partition);
  }

  async load(partition: number, keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    const missing: string[] = [];
    for (const key of keys) {
      const changed = this.changed(partition, key);
      if (changed === undefined) missing.push(key);
      else found.set(key, changed.packed);
    }
    if (missing.length === 0) return found;
    for (const { key, packed } of await this.database.query(bind(loadStates, partition, missing)))
      found.set(key, packed);
    return found;
  }

  /** Resolves when the log has room for one more row (invariant 4). */
  async room(partition: number): Promise<void> {
    const open = this.open.get(partition);
    if (open?.frozen == null || open.young.bytes < this.options.limits.logBytes) return;
    await this.checkpoint(partition, open);
  }

  /** A row of the log was committed. */
  appended(partition: number, firstOffset: number, rows: StateRows): void {
    const open = this.open.get(partition);
    if (open === undefined) return;
    const { limits, now } = this.options;
    if (open.young.through === null) open.since = now();
    open.young.add(firstOffset, rows);
    const due = open.young.bytes >= limits.logBytes || now() - open.since >= limits.rowsBehindMs;
    // It is tried again with the next commit; who waits for it is told what is wrong.
    if (due || open.frozen !== null) this.checkpoint(partition, open).catch(() => undefined);
  }

  /** Brings all rows of a partition up to date. */
  async settle(partition: number): Promise<void> {
    const open = this.open.get(partition);
    while (open !== undefined && this.isOpen(partition, open) && (open.frozen ?? open.young).through !== null)
      await this.checkpoint(partition, open);
  }

  private changed(partition: number, key: string): StateRow | undefined {
    const open = this.open.get(partition);
    return open?.young.get(key) ?? open?.frozen?.get(key);
  }

  /** The one under way, or one that begins now. */
  private checkpoint(partition: number, open: Open): Promise<void> {
    if (open.frozen === null) {
      open.frozen = open.young;
      open.young = new ChangedStates();
    }
    const { frozen } = open;
    open.running ??= this.inTurn(() => this.write(partition, open, frozen)).finally(() => {
      open.running = null;
    });
    return open.running;
  }

  private async write(partition: number, open: Open, frozen: ChangedStates): Promise<void> {
    const { now, checkpointed } = this.options;
    const started = now();
    for (const part of frozen.parts(PART)) {
      if (!this.isOpen(partition, open)) return;
      await this.database.transaction(writeStatements(partition, part));
    }
    if (frozen.through !== null) await this.database.query(bind(removeStateLog, partition, frozen.through));
    open.frozen = null;
    checkpointed({ partition, customers: frozen.customers, bytes: frozen.bytes, seconds: (now() - started) / 1000 });
  }

  /** After all that came before, however those ended (invariant 5). */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private isOpen(partition: number, open: Open): boolean {
    return this.open.get(partition) === open;
  }
}
