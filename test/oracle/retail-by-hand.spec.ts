import { lifecyclesByHand, retailByHand, summaryByHand } from './retail-by-hand';

type Row = readonly [customer: string, minute: string, gross: number, returned: number];

function csvOf(rows: readonly Row[]): string {
  const lines = rows.map(([customer, minute, gross, returned]) => `${customer},${minute},UK,1,1,${gross},${returned}`);
  return ['customer_id,ordered_at,country,lines,units,gross_gbp,returned_gbp', ...lines].join('\n');
}

/** Facts as `sequence when: from > to by cause`, in short. */
function factsOf(...rows: readonly Row[]): string[] {
  return retailByHand(csvOf(rows))
    .filter(({ customer }) => customer === 'a')
    .map(({ sequence, occurredAt, from, to, cause }) => {
      const why = [cause.kind, cause.signal, cause.activityId].filter((part) => part !== null).join(' ');
      return `${sequence} ${occurredAt.slice(0, 16)}: ${from ?? ''} > ${to} by ${why}`;
    });
}
const order = (minute: string): Row => ['a', minute, 10, 0];
const refund = (minute: string): Row => ['a', minute, 0, 5];
const clock = (minute: string): Row => ['someone else', minute, 10, 0];

describe('The retail lifecycle by hand', () => {
  it('enters and activates a customer with the first order', () => {
    expect(factsOf(order('2011-01-01T10:00Z'))).toEqual([
      '1 2011-01-01T10:00:  > onboarding by entry a-2011-01-01T10:00Z-order',
      '2 2011-01-01T10:00: onboarding > activation by activity firstOrder a-2011-01-01T10:00Z-order',
    ]);
  });

  it('takes orders less than 24 hours apart for one occasion and exactly 24 hours apart for two', () => {
    const first = order('2011-01-01T10:00Z');
    const almost = [order('2011-01-02T09:59Z'), order('2011-01-03T09:58Z')];
    const exactly = [order('2011-01-02T10:00Z'), order('2011-01-03T10:00Z')];
    expect(factsOf(first, ...almost)).toHaveLength(2);
    expect(factsOf(first, ...exactly).at(-1)).toBe(
      '3 2011-01-03T10:00: activation > in-life by activity habit a-2011-01-03T10:00Z-order',
    );
  });

  it('fires a deadline that falls on an order before the order', () => {
    expect(factsOf(order('2011-01-01T10:00Z'), order('2011-03-02T10:00Z')).slice(2)).toEqual([
      '3 2011-03-02T10:00: activation > dormancy by deadline quiet',
      '4 2011-03-02T10:00: dormancy > activation by activity back a-2011-03-02T10:00Z-order',
    ]);
  });

  it('fires what is due at the newest instant, and nothing later', () => {
    expect(factsOf(order('2011-01-01T10:00Z'), clock('2011-03-02T09:59Z'))).toHaveLength(2);
    expect(factsOf(order('2011-01-01T10:00Z'), clock('2011-03-02T10:00Z'))).toHaveLength(3);
  });

  it('closes a customer who only ever returned something', () => {
    expect(factsOf(refund('2011-01-01T10:00Z'), clock('2011-12-01T10:00Z'))).toEqual([
      '1 2011-01-01T10:00:  > onboarding by entry a-2011-01-01T10:00Z-refund',
      '2 2011-01-31T10:00: onboarding > dormancy by after',
      '3 2011-07-30T10:00: dormancy > closed by after',
    ]);
  });

  const closedAfterThreeOrders = [order('2011-01-01T10:00Z'), order('2011-01-03T10:00Z'), order('2011-01-05T10:00Z')];

  it('settles who comes back from closed into the habit a day later', () => {
    const facts = factsOf(...closedAfterThreeOrders, order('2011-11-01T10:00Z'), clock('2011-12-01T10:00Z'));
    expect(facts.slice(-2)).toEqual([
      '6 2011-11-01T10:00: closed > activation by activity back a-2011-11-01T10:00Z-order',
      '7 2011-11-02T10:00: activation > in-life by settle habit',
    ]);
  });

  it('offers the habit earlier, when anything happens within that day', () => {
    const soon = refund('2011-11-01T12:00Z');
    const facts = factsOf(...closedAfterThreeOrders, order('2011-11-01T10:00Z'), soon, clock('2011-12-01T10:00Z'));
    expect(facts.at(-1)).toBe('7 2011-11-01T12:00: activation > in-life by activity habit a-2011-11-01T12:00Z-refund');
  });

  it('tells where a customer stands once for each input that led into a stage, also into the one it was in', () => {
    const rows = [
      order('2011-01-01T10:00Z'),
      order('2011-01-01T11:00Z'),
      order('2011-04-01T10:00Z'),
      clock('2011-04-02T10:00Z'),
    ];
    expect(lifecyclesByHand(csvOf(rows)).standings.filter(({ customer }) => customer === 'a')).toEqual([
      { customer: 'a', stage: 'activation', since: '2011-01-01T10:00:00.000Z' },
      { customer: 'a', stage: 'activation', since: '2011-04-01T10:00:00.000Z' },
    ]);
  });

  it('keeps every customer of the sample in one stage, with gap-free sequences', () => {
    const facts = retailByHand();
    const { customers, stages } = summaryByHand(facts);
    const last = new Map<string, number>();
    for (const { customer, sequence } of facts) {
      expect(sequence).toBe((last.get(customer) ?? 0) + 1);
      last.set(customer, sequence);
    }
    expect(customers).toBe(4372);
    expect(Object.values(stages).reduce((sum, count) => sum + count, 0)).toBe(4372);
  });
});
