/**
 * An engine is killed while another stands by: how long until that has taken over all its partitions.
 *
 * 1. Taken over: in each partition the first move has arrived whose order was sent after the kill.
 * 2. No order is lost: all that were sent come back. Some moves may come again, as the promises say.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { TOPIC } from '@perennial/contracts';
import { TENANT } from '../load/activity';
import { ourMove } from '../oracle/read-moves';
import type { EngineRun, Installation } from './engine';
import { type Arrival, MoveReader } from './move-reader';
import { OrderStream } from './order-stream';
import type { Site } from './site';
import { until } from './until';

/** Orders beside, and how long at most. */
export const ORDERS_PER_SECOND = 200;
const SECONDS = 120;
/** The standby joins the group and takes its share of the partitions in this time. */
const BEFORE_MS = 3_000;
const PATIENCE_MS = 60_000;

export interface Ground {
  readonly site: Site;
  readonly installation: Installation;
  readonly engine: EngineRun;
}

export interface TakenOver {
  /** From SIGKILL to the first new move in the partition where it came last. */
  readonly seconds: number;
  /** Moves that came again. */
  readonly repeats: number;
}

export async function takeOverBy({ site, installation, engine }: Ground): Promise<TakenOver> {
  const standby = installation.start();
  const producer = site.log.producer();
  const enough = new AbortController();
  const orders = new OrderStream(producer, ORDERS_PER_SECOND, SECONDS);
  const since = new FirstMoves();
  const reader = await MoveReader.open(site, TOPIC.stageChanged, ourMove(TENANT), (arrival) => {
    orders.take(arrival);
    since.take(arrival, orders.sentAt(arrival));
  });
  try {
    await standby.url();
    await producer.connect();
    const sending = orders.run(enough.signal);
    await wait(BEFORE_MS);
    const killedAt = (since.killedAt = performance.now());
    await engine.kill();
    const what = `a move in each of ${site.partitions} partitions of an order sent after the kill`;
    await until(
      what,
      () => since.partitions >= site.partitions,
      () => since.partitions,
      PATIENCE_MS,
    );
    enough.abort();
    await sending;
    await orders.complete();
    return { seconds: (since.last - killedAt) / 1000, repeats: orders.repeats };
  } finally {
    enough.abort();
    await reader.close();
    await producer.close();
    await standby.stop();
  }
}

/** Of each partition the first move that is the answer to an order sent after the kill. */
class FirstMoves {
  killedAt = Number.POSITIVE_INFINITY;
  private readonly at = new Map<number, number>();

  get partitions(): number {
    return this.at.size;
  }

  get last(): number {
    return Math.max(...this.at.values());
  }

  take({ partition, receivedAt }: Arrival, sentAt: number | null): void {
    if (sentAt !== null && sentAt > this.killedAt && !this.at.has(partition)) this.at.set(partition, receivedAt);
  }
}
