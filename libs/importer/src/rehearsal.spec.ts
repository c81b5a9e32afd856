import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CustomerId, DEFAULT_TENANT, type Json } from '@perennial/values';
import { type CompiledDefinition, compile } from '@perennial/definition';
import type { PastRow } from './ports';
import { dangersOf, type Rehearsal, rehearse } from './rehearsal';

const DAY = 86_400_000;
const start = Date.UTC(2024, 0, 1);
const definition = retail();

function retail(): CompiledDefinition {
  const compiled = compile(readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8'));
  if (!compiled.ok) throw new Error('retail does not compile');
  return compiled.definition;
}

function order(row: number, customer: string, day: number, change: Partial<PastRow> = {}): PastRow {
  return {
    ...{
      row,
      id: null,
      customer: customer as CustomerId,
      type: 'track',
      event: 'Order Completed',
      at: start + day * DAY,
    },
    properties: { total: 10, currency: 'GBP' },
    ...change,
  };
}

function rehearsed(rows: readonly PastRow[], now = start + 1_000 * DAY): Promise<Rehearsal> {
  const history = {
    name: 'orders.csv',
    newest: Math.max(...rows.map(({ at }) => at)),
    // eslint-disable-next-line @typescript-eslint/require-await -- as a reader of files
    activities: async function* () {
      yield rows;
    },
  };
  const signal = new AbortController().signal;
  const names = { tenant: DEFAULT_TENANT, importName: 'orders' };
  return rehearse({ ...names, definition, history, now, onProgress: () => undefined, signal });
}

describe('a rehearsal', () => {
  it('tells where customers stand at the end of their history, and where on wall time', async () => {
    const { stagesAtEnd, viewsAtEnd, summary, moved } = await rehearsed([
      order(1, 'a', 0),
      order(2, 'a', 100),
      order(3, 'b', 100),
    ]);
    expect([viewsAtEnd['e-metrics'], summary.views['e-metrics']]).toMatchObject([
      { reach: null, conversion: 2, churn: 0 },
      { reach: null, conversion: 0, churn: 2 },
    ]);
    expect(stagesAtEnd).toEqual({ activation: 2 });
    expect(summary.stages).toEqual({ closed: 2 });
    expect([summary.customers, moved]).toEqual([2, 2]);
  });

  it('moves nobody beyond a history that ends now', async () => {
    const { stagesAtEnd, summary, moved } = await rehearsed([order(1, 'a', 0)], start);
    expect([stagesAtEnd, summary.stages, moved]).toEqual([{ activation: 1 }, { activation: 1 }, 0]);
  });

  it('counts what matches nothing, and amounts that are left out', async () => {
    const wrong = { properties: { total: 'much', currency: 'GBP' } };
    const { summary } = await rehearsed([
      order(1, 'a', 0, wrong),
      order(2, 'a', 1, { event: 'Order Sent' }),
      order(3, 'a', 2),
    ]);
    expect(summary.outcomes['ignored']).toBe(1);
    expect(summary.amountsLeftOut).toEqual({ 'amount-unreadable': 1 });
  });

  it('counts rows beyond what is remembered of one customer at one instant', async () => {
    const together = (n: number) => Array.from({ length: n }, (_, index) => order(index + 1, 'a', 0));
    expect((await rehearsed(together(33))).crowded).toBe(0);
    expect((await rehearsed([...together(40), order(41, 'b', 0)])).crowded).toBe(7);
  });

  it('refuses rows that the engine would set aside, with the first three', async () => {
    const deep = (levels: number): Json => (levels === 0 ? 1 : { a: deep(levels - 1) });
    const rows = [1, 2, 3, 4].map((row) => order(row, 'a', row, { properties: { deep: deep(40) } }));
    const refused = rehearsed([order(9, 'b', 0), ...rows]);
    await expect(refused).rejects.toMatchObject({ code: 'IMPORT.ROWS_REFUSED', name: 'InvalidInput' });
    await expect(refused).rejects.toThrow(
      /^orders.csv: the engine would not take 4 of its rows: row 1 \(invalid-shape\): .*; row 3 .*, and 1 more\. Correct them/,
    );
    const large = order(7, 'a', 0, { properties: { text: 'x'.repeat(1_100_000) } });
    await expect(rehearsed([large])).rejects.toThrow('row 7 (too-large)');
  });
});

describe('an import that is most likely a mistake', () => {
  it('is one of which most rows match nothing, or most amounts cannot be read', async () => {
    const mixed = (sent: number, orders: number) => [
      ...Array.from({ length: sent }, (_, index) => order(index, 'a', index, { event: 'Order Sent' })),
      ...Array.from({ length: orders }, (_, index) => order(sent + index, 'a', sent + index)),
    ];
    expect(dangersOf(11, await rehearsed(mixed(10, 1))).map(({ code }) => code)).toEqual(['uncatalogued']);
    expect(dangersOf(10, await rehearsed(mixed(9, 1)))).toEqual([]);
    const dollars = { properties: { total: 1, currency: 'USD' } };
    expect(dangersOf(1, await rehearsed([order(1, 'a', 0, dollars)])).map(({ code }) => code)).toEqual([
      'amounts-left-out',
    ]);
  });

  it('is one whose amounts are beyond what is kept', async () => {
    const huge = { properties: { total: 1e15, currency: 'GBP' } };
    const one = await rehearsed([order(1, 'a', 0, huge), order(2, 'a', 0), order(3, 'b', 0)]);
    expect(dangersOf(3, one).map(({ code }) => code)).toEqual(['dead-letters']);
  });
});
