/** What is expected of each client library, whatever program it runs in. */
import type { ClientProcess } from './client-process';
import { deliveriesIn } from './deliveries';
import type { RestartedCollector } from './restarted-collector';

export const EVENTS = 1_000;
/** Two of the smallest requests that a library sends at once. */
export const FEW = 30;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const ascending = (some: Iterable<number>): number[] => [...some].sort((a, b) => a - b);

/**
 * The client sends EVENTS. The collector is stopped half way, and started again when the client has found that it is away:
 * each event stands once in the log, and the client knows that it is taken.
 */
export async function expectEachOnce(collector: RestartedCollector, client: ClientProcess): Promise<void> {
  await client.half();
  await collector.stop();
  client.goOn();
  await collector.knocked();
  await collector.start();
  const { taken, refused } = await client.report();
  expect(refused).toEqual([]);
  expect(ascending(taken)).toEqual(numbers(EVENTS));
  const deliveries = await deliveriesIn(collector.installation);
  expect(ascending(deliveries.keys())).toEqual(numbers(EVENTS));
  expect([...deliveries].filter(([, ids]) => ids.length > 1)).toEqual([]);
}

/** The client gives up each of FEW events for the same reason, and nothing is in the log. */
export async function expectRefused(
  collector: RestartedCollector,
  client: ClientProcess,
  reason: string,
): Promise<void> {
  await client.half();
  client.goOn();
  const { taken, refused } = await client.report();
  expect(taken).toEqual([]);
  expect(ascending(refused.map(({ number }) => number))).toEqual(numbers(FEW));
  expect(refused.filter((each) => !each.reason.includes(reason))).toEqual([]);
  expect(await deliveriesIn(collector.installation)).toEqual(new Map());
}
