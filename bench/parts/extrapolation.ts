/** What more customers than were measured would take: by multiplication alone, from the largest size that was. */
import { type Figure, figure } from '../report/figure';
import { memoryPerCustomer, type Size } from './sizes';

const TARGETS = [10_000_000, 100_000_000] as const;
const DAY_S = 86_400;
const GIB = 2 ** 30;

/** Each customer does one thing a day, and is in no cache then. */
export function extrapolations(sizes: readonly Size[]): Figure[] {
  const largest = sizes.at(-1);
  if (largest === undefined) return [];
  const memory = memoryPerCustomer(sizes).at(-1)?.bytes ?? Number.NaN;
  return TARGETS.filter((target) => target > largest.customers).flatMap((target) => {
    const named = (what: string, unit: string, value: number): Figure =>
      figure(`extrapolated, ${target.toLocaleString('en-GB')}: ${what}`, unit, [value]);
    const stored = (bytesEach: number): number => (bytesEach * target) / GIB;
    const ofCustomers = (bytes: number): number => stored(bytes / largest.customers);
    const { later, factBytes, logBytes } = largest;
    const busy = (cpuSeconds: number): number => (cpuSeconds / largest.customers) * (target / DAY_S);
    return [
      named('customer_state', 'GiB', ofCustomers(largest.stateBytes)),
      named('deadline', 'GiB', ofCustomers(largest.deadlineBytes)),
      named('memory to cache all', 'GiB', stored(memory)),
      named('activities', '1/s', target / DAY_S),
      named('engine, processors', 'processors', busy(later.engineCpuSeconds)),
      named('broker, processors', 'processors', busy(later.brokerCpuSeconds)),
      named('database, processors', 'processors', busy(later.databaseCpuSeconds)),
      named('WAL a day', 'GiB', ofCustomers(later.walBytes)),
      // Both passes are in the topics, so each customer twice.
      named('activity topic a day', 'GiB', ofCustomers(logBytes) / 2),
      named('topics of facts a day', 'GiB', ofCustomers(factBytes) / 2),
    ];
  });
}
