/**
 * Keeps an import from filling the log faster than the engine works it off. A clock record of another tenant is read after all that
 * stands before it in its partition, and the engine appends the next one when it has read the one before: a deadline waits for
 * twice the backlog.
 *
 * Invariant: at most what the engine publishes in {@link BACKLOG_MS}, and never more than {@link MOST_AHEAD} records, are sent
 * beyond what it has published; one chunk in any case.
 */
import { type Millis, RetryableError } from '@perennial/values';
import type { EngineView, ImportPorts } from './ports';
import { GIVEN_UP_AFTER_MS, Standstill } from './standstill';

export const BACKLOG_MS: Millis = 1_000;
export const MOST_AHEAD = 20_000;
/** Until it is known how fast the engine is. */
const AHEAD_AT_FIRST = 2_000;
const ASKED_EVERY_MS: Millis = 20;
/** Shorter spans say little of the engine's pace. */
const LEAST_MEASURED_MS: Millis = 200;

/** Records that the engine was through with at an instant of the monotonic clock. */
interface Measure {
  readonly at: Millis;
  readonly records: number;
}

export class Backpressure {
  /** At or below the last record sent to each partition. */
  private readonly ends = new Map<number, number>();
  /** Records that may be ahead: those at the last look, and those sent since. */
  private ahead = 0;
  private allowed = AHEAD_AT_FIRST;
  private measured: Measure | null = null;

  constructor(
    private readonly ports: Pick<ImportPorts, 'time' | 'say'> & { readonly engine: Pick<EngineView, 'published'> },
  ) {}

  /** So many records were sent; resolves when more may follow. Throws `RetryableError` when the engine stands still. */
  async sent(records: number, ends: ReadonlyMap<number, number>): Promise<void> {
    for (const [partition, offset] of ends) this.ends.set(partition, offset);
    this.ahead += records;
    if (this.ahead <= this.allowed) return;
    const { engine, time, say } = this.ports;
    const standstill = new Standstill(() => time.monotonic());
    for (;;) {
      const published = await engine.published();
      const behind = this.behind(published);
      this.measure(published);
      // The ends are those of the first record of the last call in each partition: the rest of that call is behind them.
      this.ahead = behind + records;
      if (this.ahead <= this.allowed || behind === 0) return;
      const movement = standstill.look(JSON.stringify([...published]));
      if (movement === 'still')
        say(`Waiting for the engine: it has ${behind} records to go, and does not move. ${REMEDY}`);
      if (movement === 'stopped') throw stopped(behind);
      await time.wait(ASKED_EVERY_MS);
    }
  }

  private behind(published: ReadonlyMap<number, number>): number {
    let behind = 0;
    for (const [partition, end] of this.ends) behind += Math.max(0, end - (published.get(partition) ?? 0));
    return behind;
  }

  /** What the engine gets through is what it can, or what it is sent: the backlog grows until it is the former. */
  private measure(published: ReadonlyMap<number, number>): void {
    const at = this.ports.time.monotonic();
    const records = [...published.values()].reduce((sum, offset) => sum + offset, 0);
    const before = this.measured;
    if (before !== null && at - before.at < LEAST_MEASURED_MS) return;
    this.measured = { at, records };
    if (before === null) return;
    const pace = ((records - before.records) / (at - before.at)) * BACKLOG_MS;
    this.allowed = Math.min(MOST_AHEAD, (this.allowed + pace) / 2);
  }
}

const REMEDY = 'Is it up? `perennial doctor` says what is wrong.';

const stopped = (behind: number): RetryableError =>
  new RetryableError(
    'IMPORT.ENGINE_STANDS_STILL',
    `The engine has not moved for ${GIVEN_UP_AFTER_MS / 1000} s, with ${behind} records to go. ${REMEDY} Then run the same command again: it goes on where it was.`,
  );
