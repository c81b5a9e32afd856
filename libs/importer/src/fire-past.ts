import { type Instant, RetryableError, type TenantId } from '@perennial/values';
import { DEFAULT_LIMITS } from '@perennial/engine';
import type { ImportPorts } from './ports';
import type { SignedSender } from './signed-sender';

/** In so many rounds over all partitions, each clock record fires a customer at least where one is due. */
const FRUITLESS_ROUNDS = 5;
/** As many deadlines as one clock record fires. */
export const AT_ONCE = DEFAULT_LIMITS.deadlinesPerClock;

/**
 * Repeats the clock until nothing is due any more: one record fires a bounded number of deadlines. While more than that is due, one
 * partition fires at a time: the engine has as many processors as before, and a deadline of another tenant waits for one such
 * record in its own partition at most, not for those of all.
 */
export async function firePast(
  tenant: TenantId,
  at: Instant,
  sender: Pick<SignedSender, 'clockOf' | 'partitions'>,
  { engine, signal, onProgress }: Pick<ImportPorts, 'engine' | 'signal' | 'onProgress'>,
): Promise<void> {
  const total = await engine.dueCount(tenant, at);
  let left = total;
  let fruitless = 0;
  let turn = 0;
  do {
    signal.throwIfAborted();
    const before = left;
    const partition = left > AT_ONCE ? turn++ % sender.partitions : null;
    await sender.clockOf(tenant, at, partition);
    await engine.drained();
    left = await engine.dueCount(tenant, at);
    fruitless = left < before ? 0 : fruitless + 1;
    if (left > 0 && fruitless >= FRUITLESS_ROUNDS * sender.partitions) throw nothingFires(left);
    onProgress({ phase: 'clock', done: Math.max(0, total - left), total });
  } while (left > 0);
}

const nothingFires = (left: number): RetryableError =>
  new RetryableError(
    'IMPORT.CLOCK_WITHOUT_EFFECT',
    `${left} deadlines of the past are due and do not fire. \`perennial dead-letter list\` and \`perennial doctor\` say why; then run the same command again.`,
  );
