import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CustomerId } from '@perennial/values';
import { compile } from './compile';
import { ROLES, type CompiledDefinition, type Predicate, type Problem } from './compiled';

const DAY = 86_400_000;
const source = readFileSync(join(__dirname, '../templates/retail.yaml'), 'utf8');

function retail(): { definition: CompiledDefinition; warnings: readonly Problem[] } {
  const compiled = compile(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled;
}

/** Orders from 0 to 4 for which a predicate holds. */
function holdsFor(predicate: Predicate | null): number[] {
  return [0, 1, 2, 3, 4].filter((orders) => predicate?.test({ orders }));
}

describe('the retail template', () => {
  const { definition, warnings } = retail();
  const lookup = (type: 'track' | 'page', event: string | null, total?: number): unknown =>
    definition.catalogue({
      ...{ id: null, customer: 'c1' as CustomerId, type, event, at: null },
      properties: total === undefined ? {} : { total, currency: 'GBP' },
    });

  it('is for customers, in pounds, and settles after a day', () => {
    const { name, version, subject, currency, settleMs } = definition;
    expect({ name, version, subject, currency, settleMs }).toEqual({
      name: 'retail',
      version: 1,
      subject: 'customer',
      currency: 'GBP',
      settleMs: DAY,
    });
    expect(definition.source).toBe(source);
  });

  it('catalogues orders, refunds and pages', () => {
    const amount = { kind: 'catalogued', amount: 1299, flaw: null };
    expect(lookup('track', 'Order Completed', 12.99)).toEqual({ ...amount, role: 'purchase' });
    expect(lookup('track', 'Order Refunded', 12.99)).toEqual({ ...amount, role: 'refund' });
    expect(lookup('page', null)).toEqual({ kind: 'catalogued', role: 'visit', amount: null, flaw: null });
    expect(lookup('track', 'Order Viewed', 12.99)).toEqual({ kind: 'uncatalogued' });
    expect(definition.roles).toEqual(ROLES.filter((role) => ['purchase', 'refund', 'visit'].includes(role)));
  });

  it('remembers orders, spend and energy', () => {
    expect(definition.fields).toEqual([
      { name: 'orders', kind: 'count', roles: ['purchase'], occasionMs: DAY },
      { name: 'spend', kind: 'sum', plus: ['purchase'], minus: ['refund'], unit: 'money' },
      { name: 'energy', kind: 'decayed', roles: ['visit', 'purchase'], halfLifeMs: 14 * DAY },
    ]);
  });

  it('offers its signals in this order', () => {
    const plain = { edge: false, publish: false };
    const anyPredicate: unknown = expect.objectContaining({ fields: [0] });
    expect(definition.signals).toEqual([
      { name: 'firstOrder', ...plain, kind: 'level', when: anyPredicate, until: null },
      { name: 'habit', ...plain, kind: 'level', when: anyPredicate, until: null },
      { name: 'quiet', ...plain, kind: 'absent', roles: ['purchase'], forMs: 60 * DAY },
      { name: 'regular', ...plain, kind: 'pulse', roles: ['purchase'], when: anyPredicate },
      { name: 'back', ...plain, kind: 'pulse', roles: ['purchase'], when: null },
    ]);
    const conditions = definition.signals.map((signal) => ('when' in signal ? holdsFor(signal.when) : null));
    expect(conditions).toEqual([[1, 2, 3, 4], [3, 4], null, [3, 4], []]);
  });

  it('moves customers through its stages', () => {
    const to = (target: string): { target: string } => ({ target });
    expect(definition.regions).toEqual([
      {
        name: 'stage',
        machine: {
          id: 'stage',
          initial: 'onboarding',
          states: {
            onboarding: { on: { firstOrder: to('activation') }, after: { [30 * DAY]: to('dormancy') } },
            activation: { on: { habit: to('in-life'), quiet: to('dormancy') } },
            'in-life': { on: { quiet: to('dormancy') } },
            dormancy: { on: { regular: to('in-life'), back: to('activation') }, after: { [180 * DAY]: to('closed') } },
            retention: { on: { regular: to('in-life'), back: to('activation'), quiet: to('dormancy') } },
            closed: { on: { back: to('activation') } },
          },
        },
      },
    ]);
    expect(definition.views).toEqual({
      'e-metrics': {
        reach: [],
        acquisition: ['onboarding'],
        conversion: ['activation'],
        retention: ['in-life', 'retention'],
        loyalty: [],
        abandonment: [],
        attrition: ['dormancy'],
        churn: ['closed'],
      },
    });
  });

  it('warns that nothing leads to retention yet, and of nothing else', () => {
    const line = source.split('\n').findIndex((text) => text.startsWith('    retention:')) + 1;
    expect(warnings).toEqual([
      {
        severity: 'warning',
        code: 'DEFINITION.UNREACHABLE_STATE',
        message:
          'No move leads customers to "retention", so nobody will ever be there. Add a move to it, or remove it.',
        line,
        column: 5,
      },
    ]);
  });
});
