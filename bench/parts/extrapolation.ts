/** What more customers than were measured would take: by multiplication alone, from the largest size that was. */
import { type Figure, figure } from '../report/figure';
import { memoryPerCustomer, type Size } from './sizes';

const TARGETS = [10_000_000, 100_000_000] as const;
const DAY_S = 86_400;
/** What each customer does in a day. */
export const ACTIVITIES_A_DAY = 10;
/** Sizes nearer to each other tell the garbage of the moment rather than what a customer takes. */
const LEAST_STEP = 500_000;
const GIB = 2 ** 30;

/** No customer is in a cache when it does something, and nothing comes in peaks. */
export function extrapolations(sizes: readonly Size[]): Figure[] {
  const largest = sizes.at(-1);
  if (largest === undefined) return [];
  const memory = memoryPerCustomer(sizes).findLast(({ from, to }) => to - from >= LEAST_STEP)?.bytes;
  return TARGETS.filter((target) => target > largest.customers).flatMap((target) => {
    const named = (what: string, unit: string, value: number): Figure =>
      figure(`extrapolated, ${target.toLocaleString('en-GB')}: ${what}`, unit, [value]);
    const stored = (bytesEach: number): number => (bytesEach * target) / GIB;
    const ofCustomers = (bytes: number): number => stored(bytes / largest.customers);
    const { later, factBytes, logBytes } = largest;
    const rate = (ACTIVITIES_A_DAY * target) / DAY_S;
    const busy = (cpuSeconds: number): number => (cpuSeconds / largest.customers) * rate;
    const aDay = (bytes: number): number => ACTIVITIES_A_DAY * ofCustomers(bytes);
    return [
      named('customer_state', 'GiB', ofCustomers(largest.stateBytes)),
      named('deadline', 'GiB', ofCustomers(largest.deadlineBytes)),
      ...(memory === undefined ? [] : [named('memory to cache all', 'GiB', stored(memory))]),
      named('activities', '1/s', rate),
      named('engine, processors', 'processors', busy(later.engineCpuSeconds)),
      named('broker, processors', 'processors', busy(later.brokerCpuSeconds)),
      named('database, processors', 'processors', busy(later.databaseCpuSeconds)),
      named('WAL a day', 'GiB', aDay(later.walBytes)),
      // Both passes are in the topics, so each customer twice.
      named('activity topic a day', 'GiB', aDay(logBytes) / 2),
      named('topics of facts a day', 'GiB', aDay(factBytes) / 2),
    ];
  });
}
