/**
 * One partition with many customers: its owner is killed, a second engine that stands by takes over.
 *
 * 1. Time-outs are those of production unless the environment says otherwise; no graceful hand-over.
 * 2. Taken over: the first move arrives whose order was sent after the kill.
 * 3. No order is lost: all that were sent come back. Some moves may come again, as the promises say.
 */
import { armed } from '../load/armed';
import { atMost, figure, type PartResult } from '../report/figure';
import { LiveGround } from '../run/live-ground';
import { ORDERS_PER_SECOND, takeOverBy } from '../run/standby';
import type { Bench } from './part';

const DAY = 86_400_000;
/** Customers, in steps: the memory of one is read off between the first and the second, where all fit into the cache. */
const FULL = [50_000, 200_000, 1_000_000] as const;
const QUICK = [5_000, 10_000, 20_000] as const;
const MILLION = 1_000_000;

export async function takeOver({ options, servers }: Bench): Promise<PartResult> {
  const [some, more, all] = options.quick ? QUICK : FULL;
  const ground = await LiveGround.open(servers, 'take-over', 1);
  try {
    const before = ground.engine.residentMib('now');
    const atSome = await fill(ground, 0, some);
    const atMore = await fill(ground, some, more);
    const atAll = await fill(ground, more, all);
    const most = ground.engine.residentMib('peak');
    const { seconds, repeats } = await takeOverBy(ground);
    return {
      part: 'take-over',
      figures: [
        figure('SIGKILL to the first new move', 's', [seconds], atMost(20)),
        figure('moves that came again', 'moves', [repeats]),
        figure('memory at the start', 'MiB', [before]),
        figure('memory with all customers', 'MiB', [atAll]),
        figure('memory, most', 'MiB', [most]),
        figure('memory per 1 M cached customers', 'MiB', [((atMore - atSome) / (more - some)) * MILLION], atMost(500)),
      ],
      notes: [
        `one partition, ${all} customers, ${ORDERS_PER_SECOND} orders/s beside`,
        `memory per customer: resident memory with ${more} less that with ${some} customers, which all fit into the cache; their rows are written`,
      ],
      wrong: [],
    };
  } finally {
    await ground.remove();
  }
}

/** Customers of these numbers pass through the engine; its resident memory when nothing of them waits in the log of states. */
async function fill(ground: LiveGround, from: number, to: number): Promise<number> {
  const due = Date.now() + 20 * DAY;
  await ground.work(
    `customers up to ${to}`,
    to - from,
    armed(`held${from}`, to - from, () => due),
  );
  await ground.installation.rowsWritten(ground.engine);
  return ground.engine.residentMib('now');
}
