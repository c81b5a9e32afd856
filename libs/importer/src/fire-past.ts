import { type Instant, RetryableError, type TenantId } from '@perennial/contracts';
import type { ImportPorts } from './ports';
import type { SignedSender } from './signed-sender';

/** Each clock record fires a customer at least in every partition that has one due. */
const FRUITLESS_ROUNDS = 5;

/** Repeats the clock until nothing is due any more: one record fires a bounded number of deadlines. */
export async function firePast(
  tenant: TenantId,
  at: Instant,
  sender: Pick<SignedSender, 'clockOf'>,
  { engine, signal, onProgress }: Pick<ImportPorts, 'engine' | 'signal' | 'onProgress'>,
): Promise<void> {
  const total = await engine.dueCount(tenant, at);
  let left = total;
  let fruitless = 0;
  do {
    signal.throwIfAborted();
    const before = left;
    await sender.clockOf(tenant, at);
    await engine.drained();
    left = await engine.dueCount(tenant, at);
    fruitless = left < before ? 0 : fruitless + 1;
    if (left > 0 && fruitless >= FRUITLESS_ROUNDS) throw nothingFires(left);
    onProgress({ phase: 'clock', done: Math.max(0, total - left), total });
  } while (left > 0);
}

const nothingFires = (left: number): RetryableError =>
  new RetryableError(
    'IMPORT.CLOCK_WITHOUT_EFFECT',
    `${left} deadlines of the past are due and do not fire. \`perennial dead-letter list\` and \`perennial doctor\` say why; then run the same command again.`,
  );
