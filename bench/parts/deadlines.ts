/**
 * How late deadlines are, seen by a subscriber: from the instant at which a customer falls quiet to reading the move.
 *
 * 1. All deadlines are armed in the ordinary way, by activities that took place thirty days before they fall due.
 * 2. While some fall due steadily, and later many in one second, orders of new customers come in beside them.
 * 3. Each deadline fires once, at its own time, in (due, key) order within its partition; else the answer is wrong.
 * 4. Last, deadlines fall due while the engine is stopped (downtime.ts).
 */
import { TOPIC } from '@perennial/contracts';
import { TENANT } from '../load/activity';
import { armed } from '../load/armed';
import { ourMove } from '../oracle/read-moves';
import { atMost, type Figure, figure, type PartResult, percentile } from '../report/figure';
import { DueMoves } from '../run/due-moves';
import { MoveReader } from '../run/move-reader';
import { LiveGround } from '../run/live-ground';
import { OrderStream, type Span } from '../run/order-stream';
import { until } from '../run/until';
import { fallDueWhileDown } from './downtime';
import type { Bench } from './part';

const HOUR = 3_600_000;
const FULL = { armed: 1_000_000, rate: 5_000, steady: 60_000, seconds: 60, burst: 100_000, downtime: 10_000 };
const QUICK = { armed: 20_000, rate: 500, steady: 2_000, seconds: 10, burst: 5_000, downtime: 1_000 };
/** The burst's deadlines lie within one second. */
const BURST_MS = 1_000;
/** Before the first deadline, beyond the time that arming is expected to take. */
const LEAD_MS = 15_000;
/** How long orders go on when the last deadline has fallen due. */
const TAIL_S = 20;
/** Orders of the first seconds are left out. */
const WARM_UP_S = 2;

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
  /** Of `performance.now()`. */
  readonly workedOffAt: number;
  readonly beginAt: number;
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
    const down = await fallDueWhileDown(ground, sizes.downtime, armingMs(sizes.downtime, perSecond));
    return {
      part: 'deadlines',
      figures: [...steadyFigures(steady), ...burstFigures(burst), ...down.figures],
      notes: [
        `${sizes.armed} deadlines armed, ${sizes.rate} orders/s of new customers beside; steady: ${sizes.steady} fall due within ${sizes.seconds} s, burst: ${sizes.burst} within one second`,
        `orders while it is worked off: those sent from the first due instant of the burst to its last move; before: from ${WARM_UP_S} s after the first order to that instant`,
        `downtime: ${sizes.downtime} fall due one after the other while the engine is stopped`,
        'lateness: from the due instant to the reader having the move, by wall time',
      ],
      wrong: [...steady.wrong, ...burst.wrong, ...down.wrong],
    };
  } finally {
    await ground.remove();
  }
}

/** What arming so many is expected to take, and more. */
const armingMs = (count: number, perSecond: number): number => LEAD_MS + Math.ceil((2 * count * 1000) / perSecond);

async function fallDue(ground: LiveGround, group: Group, perSecond: number, rate: number): Promise<Outcome> {
  const { name, count, spanMs } = group;
  const begin = Date.now() + armingMs(count, perSecond);
  const dueAt = (index: number): number => begin + Math.floor((index / count) * spanMs);
  await ground.work(`${name} customers`, count, armed(name, count, dueAt));
  if (Date.now() >= begin)
    throw new Error(`The ${name} deadlines fell due before all were armed; the machine is too busy.`);
  const producer = ground.site.log.producer();
  await producer.connect();
  const orders = new OrderStream(producer, rate, Math.ceil((begin - Date.now() + spanMs) / 1000) + TAIL_S);
  const due = new DueMoves({ name, count, dueAt });
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
    const workedOff = due.lastAtWall - begin;
    return {
      lateness: Float64Array.from(due.lateness).sort(),
      workedOff: workedOff / 1000,
      workedOffAt: due.lastAt,
      beginAt: due.lastAt - workedOff,
      orders,
      wrong: [...due.wrong, ...orders.wrong.map((line) => `${name}: ${line}`)],
    };
  } finally {
    await reader.close();
    await producer.close();
  }
}

function steadyFigures({ lateness, orders }: Outcome): Figure[] {
  return [
    figure('steady: lateness, p50', 'ms', [percentile(lateness, 0.5)]),
    figure('steady: lateness, p99', 'ms', [percentile(lateness, 0.99)], atMost(1_000)),
    figure('steady: lateness, most', 'ms', [percentile(lateness, 1)]),
    ...orderFigures('steady: orders beside', orders, orders.after(WARM_UP_S)),
  ];
}

function burstFigures({ lateness, workedOff, beginAt, workedOffAt, orders }: Outcome): Figure[] {
  return [
    figure('burst: first due to last move', 's', [workedOff]),
    figure('burst: lateness, p50', 'ms', [percentile(lateness, 0.5)]),
    figure('burst: lateness, p99', 'ms', [percentile(lateness, 0.99)]),
    ...orderFigures('burst: orders before', orders, { ...orders.after(WARM_UP_S), end: beginAt }),
    ...orderFigures('burst: orders while it is worked off', orders, { begin: beginAt, end: workedOffAt }),
  ];
}

function orderFigures(name: string, orders: OrderStream, span: Span): Figure[] {
  const { p50, p99, most } = orders.latencies('send', span);
  return [
    figure(`${name}, p50`, 'ms', [p50]),
    figure(`${name}, p99`, 'ms', [p99]),
    figure(`${name}, most`, 'ms', [most]),
  ];
}
