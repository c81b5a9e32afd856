/**
 * Keeps an import from filling the log faster than the engine works it off: a clock record of another tenant is read after all
 * that stands before it in its partition.
 *
 * Invariant: at most {@link MOST_AHEAD} records, and one chunk, are sent beyond what the engine has committed.
 */
import { RetryableError } from '@perennial/contracts';
import type { EngineView, ImportPorts } from './ports';
import { GIVEN_UP_AFTER_MS, Standstill } from './standstill';

/** Records of an import that the engine has not committed yet, at most: a second of work for an engine on two cores. */
export const MOST_AHEAD = 20_000;
const ASKED_EVERY_MS = 20;

export class Backpressure {
  /** At or below the last record sent to each partition. */
  private readonly ends = new Map<number, number>();
  /** Records that may be ahead: those at the last look, and those sent since. */
  private ahead = 0;

  constructor(
    private readonly ports: Pick<ImportPorts, 'time' | 'say'> & { readonly engine: Pick<EngineView, 'committed'> },
    private readonly mostAhead = MOST_AHEAD,
  ) {}

  /** So many records were sent; resolves when more may follow. Throws `RetryableError` when the engine stands still. */
  async sent(records: number, ends: ReadonlyMap<number, number>): Promise<void> {
    for (const [partition, offset] of ends) this.ends.set(partition, offset);
    this.ahead += records;
    if (this.ahead <= this.mostAhead) return;
    const { engine, time, say } = this.ports;
    const standstill = new Standstill(() => time.monotonic());
    for (;;) {
      const committed = await engine.committed();
      const behind = this.behind(committed);
      // The ends are those of the first record of the last call in each partition: the rest of that call is behind them.
      this.ahead = behind + records;
      if (this.ahead <= this.mostAhead) return;
      const movement = standstill.look(JSON.stringify([...committed]));
      if (movement === 'still')
        say(`Waiting for the engine: it has ${behind} records to go, and does not move. ${REMEDY}`);
      if (movement === 'stopped') throw stopped(behind);
      await time.wait(ASKED_EVERY_MS);
    }
  }

  private behind(committed: ReadonlyMap<number, number>): number {
    let behind = 0;
    for (const [partition, end] of this.ends) behind += Math.max(0, end - (committed.get(partition) ?? 0));
    return behind;
  }
}

const REMEDY = 'Is it up? `perennial doctor` says what is wrong.';

const stopped = (behind: number): RetryableError =>
  new RetryableError(
    'IMPORT.ENGINE_STANDS_STILL',
    `The engine has not moved for ${GIVEN_UP_AFTER_MS / 1000} s, with ${behind} records to go. ${REMEDY} Then run the same command again: it goes on where it was.`,
  );
