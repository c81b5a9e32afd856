import { decodeRecord, type OutRecord } from '@perennial/contracts';
import { historyOf } from './history';
import { Orders } from './orders';
import { type Distribution, DISTRIBUTIONS } from './population';

const settings = (distribution: Distribution) => ({ distribution, events: 5_000, customers: 500, seed: 1 });
const all = (distribution: Distribution) => [...historyOf(settings(distribution))];
const valueOf = ({ value }: OutRecord): string => Buffer.from(value ?? []).toString();
const keyOf = ({ key }: OutRecord): string => String(key);

describe.each(DISTRIBUTIONS)('a %s history', (distribution) => {
  const records = all(distribution);

  it('is the same for the same seed', () => {
    expect(all(distribution).map(([record]) => valueOf(record))).toEqual(records.map(([record]) => valueOf(record)));
  });

  it('has records of 250 bytes that our engine and the peer can read', () => {
    for (const [record, at] of records.slice(0, 200)) {
      const value = Buffer.from(record.value ?? []);
      expect(value).toHaveLength(250);
      const key = Buffer.from(keyOf(record));
      const decoded = decodeRecord({ offset: 0, timestamp: 0, key, value, headers: [] });
      const { id, timestamp } = JSON.parse(value.toString()) as Record<string, unknown>;
      expect(decoded).toMatchObject({ kind: 'activity', tenant: 'bench', activity: { id, at } });
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(timestamp).toBe(new Date(at).toISOString());
    }
  });

  it('rises in time but for resends, which are one in a hundred and repeat one of the last hundred', () => {
    const values = records.map(([record]) => valueOf(record));
    const resent = values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
    expect(resent.length).toBeGreaterThan(25);
    expect(resent.length).toBeLessThan(80);
    const fresh = records.filter((_, index) => !resent.includes(index)).map(([, at]) => at);
    expect(fresh).toEqual(fresh.toSorted((a, b) => a - b));
    for (const index of resent) expect(values.slice(index - 100, index)).toContain(values[index]);
  });
});

it('customers are alike in a uniform history, and fall off as 1/n in a Zipf one', () => {
  const shares = DISTRIBUTIONS.map((distribution) => {
    const times = (customer: string) => all(distribution).filter(([record]) => keyOf(record) === customer).length;
    return times('bench:c1') / Math.max(1, times('bench:c10'));
  });
  expect(shares[0]).toBeLessThan(4);
  expect(shares[1]).toBeGreaterThan(6);
});

it('orders find their number again, and the first and the third of a customer move it', () => {
  const orders = new Orders();
  const ids = [0, 999, 1_000, 2_000, 3_000].map((index) => {
    const { id, userId } = JSON.parse(valueOf(orders.order(index, 0))) as { id: string; userId: string };
    return [orders.indexOf(id), userId.split('-')[1], Orders.moves(index)];
  });
  expect(ids).toEqual([
    [0, '0', true],
    [999, '999', true],
    [1_000, '0', false],
    [2_000, '0', true],
    [3_000, '1000', true],
  ]);
  expect(orders.indexOf('00000000-0000-4000-8000-000000000001')).toBeNull();
});
