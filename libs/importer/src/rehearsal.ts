/**
 * A history through the same core as the engine's, before anything is sent: what would be refused, what would be left out, and
 * where customers would stand. One customer after another, so that one is in memory at a time.
 */
import { decodeRecord, type Poison, storedHeaders, valueBytes } from '@perennial/contracts';
import { excerpt, type Instant, InvalidInput, type TenantId } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import { Replay, type ReplaySummary, type ViewCounts } from '@perennial/lifecycle';
import type { PastRow } from './ports';
import { rowRecord } from './row-records';

export interface RehearsedHistory {
  readonly name: string;
  readonly newest: Instant;
  /** Each customer's together, in order of time. */
  activities(): AsyncIterable<readonly PastRow[]>;
}

export interface Rehearsal {
  /** As if the clock came to `now`. */
  readonly summary: ReplaySummary;
  /** stage → customers, when the clock stands at the newest activity. */
  readonly stagesAtEnd: Readonly<Record<string, number>>;
  /** By view and label, when the clock stands at the newest activity; those on real time are the summary's. */
  readonly viewsAtEnd: Readonly<Record<string, ViewCounts>>;
  /** Customers in another stage at `now` than at the newest activity. */
  readonly moved: number;
  /** Rows beyond what is remembered of one customer at one instant: they count, and pulse no signal. */
  readonly crowded: number;
}

export interface Rehearsed {
  readonly tenant: TenantId;
  readonly importName: string;
  readonly definition: CompiledDefinition;
  readonly history: RehearsedHistory;
  readonly now: Instant;
  readonly onProgress: (rows: number) => void;
  readonly signal: AbortSignal;
}

/** Throws `InvalidInput` when rows would be dead letters in the log, with the first of them. */
export async function rehearse(job: Rehearsed): Promise<Rehearsal> {
  const { history, definition, signal } = job;
  const customers = new OneByOne(definition, history.newest, Math.max(history.newest, job.now));
  const refused = new RefusedRows(job);
  let rows = 0;
  for await (const page of history.activities()) {
    signal.throwIfAborted();
    for (const past of page) {
      refused.look(past);
      customers.take(past);
    }
    rows += page.length;
    job.onProgress(rows);
  }
  refused.throwIfAny();
  return customers.end();
}

/** Replays one customer after another. */
class OneByOne {
  private readonly replay: Replay;
  private readonly stagesAtEnd = new Map<string, number>();
  /** view → label → customers. */
  private readonly viewsAtEnd: Readonly<Record<string, Map<string, number>>>;
  private moved = 0;
  private crowded = 0;
  private current: PastRow | null = null;
  /** Rows of the current customer at the current instant. */
  private together = 0;

  constructor(
    private readonly definition: CompiledDefinition,
    private readonly newest: Instant,
    private readonly now: Instant,
  ) {
    this.replay = new Replay(definition);
    this.viewsAtEnd = Object.fromEntries(
      Object.keys(definition.views).map((view) => [view, new Map<string, number>()]),
    );
  }

  take(past: PastRow): void {
    const { current } = this;
    if (current?.customer !== past.customer) this.leave();
    this.together = current?.customer === past.customer && current.at === past.at ? this.together + 1 : 1;
    // The ring holds `recentIds`; the next one is new still, since what it pushes out is older.
    if (this.together > this.definition.recentIds + 1) this.crowded += 1;
    this.current = past;
    this.replay.take(past, past.at);
  }

  end(): Rehearsal {
    this.leave();
    const { moved, crowded } = this;
    const summary = this.replay.summary();
    const viewsAtEnd = Object.fromEntries(
      Object.entries(summary.views).map(([view, labels]) => [view, this.viewAtEnd(view, labels)]),
    );
    return { summary, stagesAtEnd: Object.fromEntries(this.stagesAtEnd), viewsAtEnd, moved, crowded };
  }

  /** With the labels of the same view at another time. */
  private viewAtEnd(view: string, labels: ViewCounts): ViewCounts {
    const counts = this.viewsAtEnd[view];
    return Object.fromEntries(
      Object.entries(labels).map(([label, count]) => [label, count === null ? null : (counts?.get(label) ?? 0)]),
    );
  }

  private leave(): void {
    if (this.current === null) return;
    const { customer } = this.current;
    this.replay.finishOne(customer, this.newest);
    const atEnd = this.replay.customer(customer);
    if (atEnd !== null) {
      addOne(this.stagesAtEnd, atEnd.stage);
      for (const [view, label] of Object.entries(atEnd.views)) addOne(this.viewsAtEnd[view], label);
      this.replay.finishOne(customer, this.now);
      if (this.replay.customer(customer)?.stage !== atEnd.stage) this.moved += 1;
    }
    this.replay.release();
    this.current = null;
  }
}

function addOne(counts: Map<string, number> | undefined, name: string): void {
  counts?.set(name, (counts.get(name) ?? 0) + 1);
}

const SHOWN = 3;

/** Rows that the engine would set aside, read as it reads them. */
class RefusedRows {
  private count = 0;
  private readonly first: string[] = [];

  constructor(private readonly job: Pick<Rehearsed, 'tenant' | 'importName' | 'history'>) {}

  look(past: PastRow): void {
    const { tenant, importName } = this.job;
    const record = rowRecord(tenant, importName, past);
    const key = new TextEncoder().encode(record.key as string);
    const read = decodeRecord({
      offset: 0,
      timestamp: 0,
      key,
      value: valueBytes(record),
      headers: storedHeaders(record.headers),
    });
    if (read.kind !== 'poison') return;
    this.count += 1;
    if (this.first.length < SHOWN) this.first.push(describe(past, read));
  }

  throwIfAny(): void {
    if (this.count === 0) return;
    const rest = this.count > SHOWN ? `, and ${this.count - SHOWN} more` : '';
    throw new InvalidInput(
      'IMPORT.ROWS_REFUSED',
      `${this.job.history.name}: the engine would not take ${this.count} of its rows: ${this.first.join('; ')}${rest}. ` +
        'Correct them or leave them out; nothing was sent.',
    );
  }
}

const describe = ({ row }: PastRow, { cause, detail }: Poison): string => `row ${row} (${cause}): ${excerpt(detail)}`;

export interface Danger {
  readonly code: 'uncatalogued' | 'amounts-left-out' | 'dead-letters';
  readonly message: string;
}

/**
 * What makes an import most likely a mistake: nine rows in ten that match nothing, half of the activities without their amount,
 * dead letters. It cannot be taken back, so somebody has to agree.
 */
export function dangersOf(rows: number, { summary }: Pick<Rehearsal, 'summary'>): readonly Danger[] {
  const uncatalogued = summary.outcomes['ignored'] ?? 0;
  const leftOut = Object.values(summary.amountsLeftOut).reduce((sum, n) => sum + n, 0);
  const refused = summary.outcomes['refused'] ?? 0;
  const dangers: Danger[] = [];
  if (uncatalogued * 10 > rows * 9) {
    const message = `${uncatalogued} of ${rows} rows match no row of the definition's activity: they would change nothing.`;
    dangers.push({ code: 'uncatalogued', message });
  }
  if (leftOut * 2 > summary.activities) {
    const message = `${leftOut} of ${summary.activities} activities would count without their amount.`;
    dangers.push({ code: 'amounts-left-out', message });
  }
  if (refused > 0) {
    const message = `${refused} rows would be dead letters: their amount is beyond what is kept exactly.`;
    dangers.push({ code: 'dead-letters', message });
  }
  return dangers;
}
