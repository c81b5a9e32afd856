/**
 * States of a session's customers: a log of changes, brought into rows by checkpoint (ADR 0017).
 *
 * 1. A commit appends what it changed as one row of the log; `customer_state` is written later. Together they are the truth:
 *    the newest state of a customer is in the log, and where that has none, in its row.
 * 2. What the log holds of the partition, its owner has in memory: a state is looked for there before its row is read. Nothing
 *    of that outlives the session, and no other session sees it (ADR 0021).
 * 3. A checkpoint writes the newest states of the log into rows and then deletes what it wrote from the log, in this order:
 *    a crash in between repeats it. A row never goes back to an older version, so that an owner who does not know yet that it
 *    was replaced does no harm either.
 * 4. The log of a partition is bounded: a commit waits while a checkpoint is behind by a whole log. So are memory, and what
 *    the next owner reads.
 * 5. One checkpoint of a database at a time ({@link CheckpointQueue}).
 * 6. A flush is bounded: it ends with the checkpoint that writes what was logged when it began. Commits that go on meanwhile
 *    wait for another.
 */
import { type StateRow, StateRows } from '@perennial/processor';
import type { Database } from '../postgres/database';
import { bind } from '../postgres/statement';
import { MemTable } from './mem-table';
import { loadStates, removeStateLog, type StateLogRow, writeStatements } from './statements/states';

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

/** What checkpoints say about themselves, for metrics and logs. */
export interface CheckpointObserver {
  readonly checkpointed: (checkpoint: Checkpoint) => void;
  /** It is repeated with the next commit or flush; until then rows stay behind. */
  readonly checkpointFailed: (partition: number, error: unknown) => void;
}

export interface StateOptions extends CheckpointObserver {
  readonly limits: StateLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export const DEFAULTS: StateOptions = {
  limits: { logBytes: 32 * 1024 * 1024, rowsBehindMs: 30_000 },
  now: () => performance.now(),
  checkpointed: () => undefined,
  checkpointFailed: () => undefined,
};

/** Rows of one transaction of a checkpoint. */
const CHUNK_ROWS = 1_000;

export class StateLog {
  /** What commits append to. */
  private active = new MemTable();
  /** When the first change came into the active one. */
  private activeSince: number;
  /** What a checkpoint is to write; null: none is due. */
  private immutable: MemTable | null = null;
  private running: Promise<void> | null = null;
  private ended = false;

  constructor(
    private readonly database: Database,
    private readonly partition: number,
    private readonly checkpoints: CheckpointQueue,
    private readonly options: StateOptions,
    /** The log, as the claim found it. */
    found: readonly StateLogRow[],
  ) {
    for (const { first_offset, bytes } of found) this.active.add(first_offset, StateRows.read(bytes));
    this.activeSince = options.now();
  }

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    const missing: string[] = [];
    for (const key of keys) {
      const changed = this.changed(key);
      if (changed === undefined) missing.push(key);
      else found.set(key, changed.packed);
    }
    if (missing.length === 0) return found;
    for (const { key, packed } of await this.database.query(bind(loadStates, this.partition, missing)))
      found.set(key, packed);
    return found;
  }

  /** Resolves when the log has room for one more row (invariant 4). */
  async awaitCapacity(): Promise<void> {
    if (this.immutable === null || this.active.bytes < this.options.limits.logBytes) return;
    await this.checkpoint();
  }

  /** A row of the log was committed. */
  appended(firstOffset: number, rows: StateRows): void {
    const { limits, now } = this.options;
    if (this.active.through === null) this.activeSince = now();
    this.active.add(firstOffset, rows);
    const due = this.active.bytes >= limits.logBytes || now() - this.activeSince >= limits.rowsBehindMs;
    // The next commit repeats it; callers of `awaitCapacity` and `flush` get the error.
    if (due || this.immutable !== null) this.checkpoint().catch(() => undefined);
  }

  /** Writes the rows of everything that is logged now (invariant 6). */
  async flush(): Promise<void> {
    const logged = this.active.through === null ? null : this.active;
    if (this.immutable !== null && !this.ended) await this.checkpoint();
    // Still active: no checkpoint has begun with it in between.
    if (logged !== null && !this.ended && (this.active === logged || this.immutable === logged))
      await this.checkpoint();
  }

  /** Starts no further write; one that is running completes. */
  end(): void {
    this.ended = true;
  }

  private changed(key: string): StateRow | undefined {
    return this.active.get(key) ?? this.immutable?.get(key);
  }

  /** The one under way, or one that begins now. */
  private checkpoint(): Promise<void> {
    const immutable = this.immutable ?? this.freeze();
    this.running ??= this.checkpoints
      .run(() => this.write(immutable))
      .catch((error: unknown) => {
        this.options.checkpointFailed(this.partition, error);
        throw error;
      })
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  private freeze(): MemTable {
    const frozen = this.active;
    this.immutable = frozen;
    this.active = new MemTable();
    return frozen;
  }

  private async write(immutable: MemTable): Promise<void> {
    const { now, checkpointed } = this.options;
    const { partition, database } = this;
    const started = now();
    for (const chunk of immutable.chunks(CHUNK_ROWS)) {
      if (this.ended) return;
      await database.transaction(writeStatements(partition, chunk));
    }
    if (this.ended) return;
    if (immutable.through !== null) await database.query(bind(removeStateLog, partition, immutable.through));
    this.immutable = null;
    const { customers, bytes } = immutable;
    checkpointed({ partition, customers, bytes, seconds: (now() - started) / 1000 });
  }
}

/** Runs the checkpoints of one database one at a time, so that together they take a share of it, not all of it. */
export class CheckpointQueue {
  private last: Promise<void> = Promise.resolve();

  /** Runs `work` after all earlier calls, whether those succeeded or not. */
  run(work: () => Promise<void>): Promise<void> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
