import { ACTIVITY_TYPES, type Activity, type ActivityType } from '@perennial/contracts';
import type { CustomerId, JsonObject } from '@perennial/values';
import fc from 'fast-check';
import { compile } from '../compile';
import { ROLES, type Catalogued, type Compiled, type Role, type Sign } from '../compiled';

interface Row {
  readonly event?: string;
  readonly type?: ActivityType;
  readonly role: Role;
  readonly amount?: string;
  readonly quantity?: string;
  readonly currency?: string;
  readonly sign?: Sign;
}

function activity(type: ActivityType, event: string | null, properties: JsonObject = {}): Activity {
  return { id: null, customer: 'c1' as CustomerId, type, event, at: 0, properties };
}

function compileRows(rows: readonly Row[]): Compiled {
  const stages = { initial: 'a', states: { a: {} } };
  return compile(JSON.stringify({ kind: 'Lifecycle', name: 'x', version: 1, currency: 'GBP', activity: rows, stages }));
}

function catalogueOf(...rows: readonly Row[]): (activity: Activity) => Catalogued {
  const compiled = compileRows(rows);
  if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join('\n'));
  return compiled.definition.catalogue;
}

describe('the activity catalogue', () => {
  it('leaves what matches no row uncatalogued', () => {
    const lookup = catalogueOf({ event: 'Order', role: 'purchase' });
    expect(lookup(activity('track', 'Visit'))).toEqual({ kind: 'uncatalogued' });
    expect(lookup(activity('page', null))).toEqual({ kind: 'uncatalogued' });
    expect(lookup(activity('track', 'toString'))).toEqual({ kind: 'uncatalogued' });
  });

  it.each(['Order\0Paid', 'Order\ud800', 'x'.repeat(257)])(
    'a row for a name that no activity can have is refused',
    (event) => {
      const compiled = compileRows([{ event, role: 'purchase' }]);
      expect(compiled.ok ? [] : compiled.problems).toMatchObject([
        { code: 'DEFINITION.UNREACHABLE_ROW', message: expect.stringContaining('at most 256 characters') as string },
      ]);
    },
  );

  it('takes the first row that matches, and calls rows that never do unreachable', () => {
    const role = fc.constantFrom(...ROLES);
    const type = fc.constantFrom(...ACTIVITY_TYPES);
    const event = fc.constantFrom('Order', 'Visit', 'constructor');
    const row: fc.Arbitrary<Row> = fc.oneof(
      fc.record({ event, role }),
      fc.record({ type, role }),
      fc.record({ event, type: fc.constant<ActivityType>('track'), role }),
    );
    const possible = [
      ...['Order', 'Visit', 'constructor', 'Other'].map((name) => activity('track', name)),
      ...ACTIVITY_TYPES.map((each) => activity(each, null)),
    ];
    const matches = (candidate: Row, each: Activity): boolean =>
      (candidate.event ?? each.event) === each.event && (candidate.type ?? each.type) === each.type;
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const first = possible.map((each) => rows.find((candidate) => matches(candidate, each)));
        const compiled = compileRows(rows);
        if (rows.every((candidate) => first.includes(candidate))) {
          const given = possible.map((each) => (compiled.ok ? compiled.definition.catalogue(each) : compiled.problems));
          expect(given).toMatchObject(first.map((match) => (match ? { role: match.role } : { kind: 'uncatalogued' })));
        } else {
          const codes = compiled.ok ? [] : compiled.problems.map((problem) => problem.code);
          expect(codes).toContain('DEFINITION.UNREACHABLE_ROW');
        }
      }),
    );
  });

  describe('reads amounts', () => {
    const path = 'event.properties.order.total';
    const lookup = catalogueOf({ event: 'Order', role: 'purchase', amount: path, currency: 'event.properties.money' });
    const order = (total: JsonObject[string], money: JsonObject[string] = 'GBP'): Catalogued =>
      lookup(activity('track', 'Order', { order: { total }, money }));

    it.each([
      [12.34, 1234],
      ['0.005', 1],
      [0.1 + 0.2, 30],
      [1e10, 1e12],
    ])('%j as %d minor units', (total, amount) => {
      expect(order(total)).toEqual({ kind: 'catalogued', role: 'purchase', amount, flaw: null });
    });

    it.each([
      [null, 'amount-missing'],
      ['a lot', 'amount-unreadable'],
      [true, 'amount-unreadable'],
      [[3], 'amount-unreadable'],
      [-3, 'amount-other-sign'],
      [1e10 + 1, 'amount-out-of-range'],
      ['-1e300', 'amount-out-of-range'],
      ['1e1000000000000000000000', 'amount-out-of-range'],
      ['9'.repeat(1_001), 'amount-unreadable'],
    ])('but leaves %j out: %s', (total, flaw) => {
      expect(order(total)).toEqual({ kind: 'catalogued', role: 'purchase', amount: null, flaw });
    });

    it.each<readonly [sign: Sign | undefined, total: number, amount: number | null]>([
      [undefined, 50, 5000],
      [undefined, -50, null],
      ['positive', 50, 5000],
      ['positive', -50, null],
      ['negative', -50, 5000],
      ['negative', 50, null],
      ['negative', 0, 0],
      ['either', 50, 5000],
      ['either', -50, -5000],
    ])('with the sign that the row states (%s): %d is %p', (sign, total, amount) => {
      const refunds = catalogueOf({
        event: 'Refund',
        role: 'refund',
        amount: 'event.properties.total',
        ...(sign && { sign }),
      });
      const flaw = amount === null ? 'amount-other-sign' : null;
      const catalogued = { kind: 'catalogued', role: 'refund', amount, flaw };
      expect(refunds(activity('track', 'Refund', { total }))).toEqual(catalogued);
      expect(refunds(activity('track', 'Refund', { total: String(total) }))).toEqual(catalogued);
    });

    it.each([
      ['event.properties["Order Total"]', { 'Order Total': 5 }],
      ["event.properties['a.b'].c", { 'a.b': { c: 5 } }],
      ['event.properties.a["b c"]["d"]', { a: { 'b c': { d: 5 } } }],
    ])('from a property whose name is no plain word: %s', (amount, properties) => {
      const named = catalogueOf({ event: 'Order', role: 'purchase', amount });
      expect(named(activity('track', 'Order', properties))).toMatchObject({ amount: 500, flaw: null });
    });

    it('only in its own currency, which an activity need not state', () => {
      expect(order(1, 'EUR')).toMatchObject({ amount: null, flaw: 'currency-mismatch' });
      expect(order(1, 3)).toMatchObject({ amount: null, flaw: 'currency-mismatch' });
      expect(order(1, 'gbp')).toMatchObject({ amount: 100 });
      expect(order(1, null)).toMatchObject({ amount: 100 });
      expect(lookup(activity('track', 'Order', { order: { total: 1 } }))).toMatchObject({ amount: 100 });
    });

    it('only from what the activity itself has', () => {
      const inherited = catalogueOf({ type: 'page', role: 'visit', amount: 'event.properties.constructor' });
      expect(inherited(activity('page', null))).toMatchObject({ flaw: 'amount-missing' });
      expect(lookup(activity('track', 'Order', { order: [1], money: 'GBP' }))).toMatchObject({
        flaw: 'amount-missing',
      });
      expect(lookup(activity('track', 'Order', {}))).toMatchObject({ flaw: 'amount-missing' });
    });
  });

  describe('reads quantities', () => {
    const seats = (value: JsonObject[string], sign?: Sign): Catalogued =>
      catalogueOf({ event: 'Seats', role: 'seat-change', quantity: 'event.properties.seats', ...(sign && { sign }) })(
        activity('track', 'Seats', { seats: value }),
      );

    it.each<readonly [JsonObject[string], number]>([
      [5, 5],
      ['5', 5],
      ['5.00', 5],
      [5e2, 500],
      [0, 0],
      [1e12, 1e12],
    ])('%j as %d: whole numbers, in no minor units', (value, amount) => {
      expect(seats(value)).toEqual({ kind: 'catalogued', role: 'seat-change', amount, flaw: null });
    });

    it.each<readonly [JsonObject[string], string]>([
      [null, 'amount-missing'],
      [2.5, 'amount-unreadable'],
      ['2.04', 'amount-unreadable'],
      ['4.9999999999999999999', 'amount-unreadable'],
      ['five', 'amount-unreadable'],
      ['', 'amount-unreadable'],
      [[5], 'amount-unreadable'],
      [-5, 'amount-other-sign'],
      [1e12 + 1, 'amount-out-of-range'],
      ['1e400', 'amount-out-of-range'],
    ])('but leaves %j out: %s', (value, flaw) => {
      expect(seats(value)).toEqual({ kind: 'catalogued', role: 'seat-change', amount: null, flaw });
    });

    it('with the sign that the row states', () => {
      expect(seats(-5, 'either')).toMatchObject({ amount: -5 });
      expect(seats('-5', 'negative')).toMatchObject({ amount: 5 });
      expect(seats(5, 'negative')).toMatchObject({ flaw: 'amount-other-sign' });
    });
  });
});
