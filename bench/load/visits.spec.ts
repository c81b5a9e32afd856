import type { OutRecord } from '@perennial/contracts';
import { arrivals, returns } from './visits';

const keysOf = (records: Iterable<OutRecord>): string[] => [...records].map(({ key }) => String(key));
const idOf = ({ value }: OutRecord): string =>
  (JSON.parse(Buffer.from(value ?? []).toString()) as { readonly id: string }).id;

it.each([1, 2, 13, 1_000, 4_096])('each of %d customers comes once, and back once', (customers) => {
  const first = keysOf(arrivals(customers, 0));
  expect(new Set(first).size).toBe(customers);
  expect(keysOf(returns(customers, 0)).toSorted()).toEqual(first.toSorted());
});

it('both are activities of their own', () => {
  const ids = [...arrivals(100, 0), ...returns(100, 0)].map(idOf);
  expect(new Set(ids).size).toBe(200);
});

it('who come back one after the other are far apart', () => {
  const numbers = keysOf(returns(10_000, 0)).map((key) => Number(key.replace('bench:v-', '')));
  const steps = numbers.slice(1).map((number, index) => Math.abs(number - (numbers[index] ?? 0)));
  expect(Math.min(...steps)).toBeGreaterThan(1_000);
});

it('nothing is made before it is asked for, however many there are', () => {
  const [one] = returns(1_000_000_000, 0);
  expect(one?.key).toBe('bench:v-0');
});
