import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHistory } from './history';
import type { PastActivity } from './sheet';

const sample = join(__dirname, '../../../deploy/sample/online-retail');

/** The sample, read by its shipped query. */
let activities: PastActivity[] = [];
beforeAll(async () => {
  const history = await openHistory({ input: join(sample, 'orders.sql') });
  for await (const some of history.activities()) activities = activities.concat(some);
  await history.close();
});

describe('The orders of the sample', () => {
  it('are 22,034 rows that give 22,094 activities of 4,372 customers', () => {
    expect(readFileSync(join(sample, 'orders.csv'), 'utf8').trim().split('\n')).toHaveLength(22_034 + 1);
    expect(activities).toHaveLength(22_094);
    expect(new Set(activities.map(({ customer }) => customer)).size).toBe(4_372);
    expect(new Set(activities.map(({ id }) => id)).size).toBe(22_094);
  });

  it('are sorted by time, and by id within a minute', () => {
    const keys = activities.map(({ at, id }) => `${at} ${id ?? ''}`);
    expect(keys).toEqual([...keys].sort());
    expect(activities.at(-1)?.at).toBe(Date.UTC(2011, 11, 9, 12, 50));
  });

  it('are the same rows with the same numbers each time, though DuckDB hands those of a UNION out in any order', async () => {
    const fingerprints = new Set<string>();
    for (let time = 0; time < 6; time++) {
      const history = await openHistory({ input: join(sample, 'orders.sql') });
      fingerprints.add(await history.fingerprint());
      await history.close();
    }
    expect(fingerprints.size).toBe(1);
    expect(activities.slice(0, 3).map(({ row }) => row)).toEqual([1, 2, 3]);
  });

  it('come before the refund of the same row', () => {
    const rows = new Map<string, (string | null)[]>();
    for (const { customer, at, event } of activities) {
      const row = `${customer} ${at}`;
      rows.set(row, [...(rows.get(row) ?? []), event]);
    }
    const pairs = [...rows.values()].filter((events) => events.length > 1);
    expect(pairs).toHaveLength(22_094 - 22_034);
    expect(new Set(pairs.map(String))).toEqual(new Set(['Order Completed,Order Refunded']));
  });

  it('add up to the net total that the data set is known for, exactly', () => {
    const pence = (event: string): number =>
      activities
        .filter((activity) => activity.event === event)
        .reduce((sum, { properties }) => sum + Math.round(Number(properties['total']) * 100), 0);
    expect(pence('Order Completed') - pence('Order Refunded')).toBe(830_006_581);
    const decimals = /^\d+(\.\d\d?)?$/;
    expect(activities.every(({ properties }) => decimals.test(JSON.stringify(properties['total'])))).toBe(true);
    expect(new Set(activities.map(({ properties }) => properties['currency']))).toEqual(new Set(['GBP']));
  });
});
