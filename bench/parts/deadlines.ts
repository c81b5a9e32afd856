/**
 * How late deadlines are, seen by a subscriber: from the instant at which a customer falls quiet to reading the move.
 *
 * 1. All deadlines are armed in the ordinary way, by activities that took place thirty days before they fall due.
 * 2. While some fall due steadily, and later many in one second, orders of new customers come in beside them.
 * 3. Each deadline fires once, in order within its partition; else the answer is wrong.
 */
import { TOPIC } from '@perennial/contracts';
import { TENANT } from '../load/activity';
import { armed } from '../load/armed';
import { ourMove } from '../oracle/read-moves';
import { atMost, type Figure, figure, type PartResult, percentile } from '../report/figure';
import { type Arrival, MoveReader } from '../run/move-reader';
import { LiveGround } from '../run/live-ground';
import { OrderStream } from '../run/order-stream';
import { until } from '../run/until';
import type { Bench } from './part';

const HOUR = 3_600_000;
const FULL = { armed: 1_000_000, rate: 5_000, steady: 60_000, seconds: 60, burst: 100_000 };
const QUICK = { armed: 20_000, rate: 500, steady: 2_000, seconds: 10, burst: 5_000 };
/** The burst's deadlines lie within one second. */
const BURST_MS = 1_000;
/** Before the first deadline, beyond the time that arming is expected to take. */
const LEAD_MS = 15_000;

/** A group of customers that fall due in a span of time. */
interface Group {
  readonly name: string;
  readonly count: number;
  readonly spanMs: number;
}

/** What came of a group. */
interface Outcome {
  /** Milliseconds, ascending. */
  readonly lateness: Float64Array;
  /** From the first deadline to the last move, in seconds. */
  readonly workedOff: number;
  readonly orders: OrderStream;
  readonly wrong: readonly string[];
}

export async function deadlines({ options, servers }: Bench): Promise<PartResult> {
  const sizes = options.quick ? QUICK : FULL;
  const ground = await LiveGround.open(servers, 'deadlines', options.partitions);
  try {
    const now = Date.now();
    const far = armed('far', sizes.armed, (index) => now + 10 * HOUR + (index % 500) * HOUR);
    const seconds = await ground.work('armed customers', sizes.armed, far);
    const perSecond = sizes.armed / seconds;
    const steadyGroup = { name: 'steady', count: sizes.steady, spanMs: sizes.seconds * 1000 };
    const steady = await fallDue(ground, steadyGroup, perSecond, sizes.rate);
    const burst = await fallDue(ground, { name: 'burst', count: sizes.burst, spanMs: BURST_MS }, perSecond, sizes.rate);
    return {
      part: 'deadlines',
      figures: [...steadyFigures(steady), ...burstFigures(burst)],
      notes: [
        `${sizes.armed} deadlines armed, ${sizes.rate} orders/s of new customers beside; steady: ${sizes.steady} fall due within ${sizes.seconds} s, burst: ${sizes.burst} within one second`,
        'lateness: from the due instant to the reader having the move, by wall time',
      ],
      wrong: [...steady.wrong, ...burst.wrong],
    };
  } finally {
    await ground.remove();
  }
}

async function fallDue(ground: LiveGround, group: Group, perSecond: number, rate: number): Promise<Outcome> {
  const { name, count, spanMs } = group;
  const begin = Date.now() + LEAD_MS + Math.ceil((2 * count * 1000) / perSecond);
  const dueAt = (index: number): number => begin + Math.floor((index / count) * spanMs);
  await ground.work(`${name} customers`, count, armed(name, count, dueAt));
  if (Date.now() >= begin)
    throw new Error(`The ${name} deadlines fell due before all were armed; the machine is too busy.`);
  const producer = ground.site.log.producer();
  await producer.connect();
  const orders = new OrderStream(producer, rate, Math.ceil((begin - Date.now() + spanMs) / 1000) + 10);
  const due = new DueMoves(`${TENANT}:${name}-`);
  const reader = await MoveReader.open(ground.site, TOPIC.stageChanged, ourMove(TENANT), (arrival) => {
    if (!orders.take(arrival)) due.take(arrival);
  });
  try {
    await orders.run();
    await until(
      `${count} deadlines, ${due.count} fired`,
      () => due.count >= count,
      () => due.count,
    );
    await orders.complete();
    const lateness = Float64Array.from(due.lateness).sort();
    const wrong = [...due.wrong(count), ...orders.wrong].map((line) => `${name}: ${line}`);
    return { lateness, workedOff: (due.lastAt - begin) / 1000, orders, wrong };
  } finally {
    await reader.close();
    await producer.close();
  }
}

/** The moves of a group, as they arrive. */
class DueMoves {
  readonly lateness: number[] = [];
  lastAt = 0;
  private readonly newest = new Map<number, number>();
  private disordered = 0;

  constructor(private readonly prefix: string) {}

  get count(): number {
    return this.lateness.length;
  }

  take({ move, partition, receivedAtWall }: Arrival): void {
    if (move.cause !== 'timer' || !move.customer.startsWith(this.prefix)) return;
    if (move.at < (this.newest.get(partition) ?? 0)) this.disordered += 1;
    this.newest.set(partition, move.at);
    this.lateness.push(receivedAtWall - move.at);
    this.lastAt = receivedAtWall;
  }

  wrong(expected: number): string[] {
    const surplus = this.count - expected;
    return [
      ...(surplus === 0 ? [] : [`${surplus} deadlines fired too often`]),
      ...(this.disordered === 0 ? [] : [`${this.disordered} deadlines fired out of order`]),
    ];
  }
}

function steadyFigures({ lateness, orders }: Outcome): Figure[] {
  return [
    figure('steady: lateness, p50', 'ms', [percentile(lateness, 0.5)]),
    figure('steady: lateness, p99', 'ms', [percentile(lateness, 0.99)], atMost(1_000)),
    figure('steady: lateness, most', 'ms', [percentile(lateness, 1)]),
    ...orderFigures('steady', orders),
  ];
}

function burstFigures({ lateness, workedOff, orders }: Outcome): Figure[] {
  return [
    figure('burst: first due to last move', 's', [workedOff]),
    figure('burst: lateness, p50', 'ms', [percentile(lateness, 0.5)]),
    figure('burst: lateness, p99', 'ms', [percentile(lateness, 0.99)]),
    ...orderFigures('burst', orders),
  ];
}

function orderFigures(name: string, orders: OrderStream): Figure[] {
  const { p50, p99, most } = orders.latencies('send', 0);
  return [
    figure(`${name}: orders beside, p50`, 'ms', [p50]),
    figure(`${name}: orders beside, p99`, 'ms', [p99]),
    figure(`${name}: orders beside, most`, 'ms', [most]),
  ];
}
