import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { SEATS, SHOP } from '../fixtures/problem-cases';
import { compile } from './compile';
import { ROLES } from './compiled';
import type { CompiledDefinition } from './compiled';

const retail = readFileSync(join(__dirname, '../templates/retail.yaml'), 'utf8');

function compiled(source: string): CompiledDefinition {
  const result = compile(source);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.definition;
}

/** What can be compared: everything but the source and the functions made from it. */
function comparable(source: string): unknown {
  return { ...(JSON.parse(JSON.stringify(compiled(source))) as object), source: null };
}

/** The same definition with the keys of its maps in another order, where the order means nothing. */
function shuffled(value: unknown, random: () => number, ordered = false): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, shuffled(inner, random, key === 'signals' || key === 'profile')] as const,
  );
  return Object.fromEntries(ordered ? entries : entries.toSorted(() => random() - 0.5));
}

describe('compile', () => {
  it('gives the same for the same source', () => {
    expect(comparable(retail)).toEqual(comparable(retail));
    expect(compile('kind: x')).toEqual(compile('kind: x'));
  });

  it('gives the same whatever the order of keys, signals and fields aside', () => {
    const numbers = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(numbers, (stream) => {
        const source = stringify(shuffled(parse(retail), () => Number(stream.next().value)));
        expect(comparable(source)).toEqual(comparable(retail));
      }),
    );
  });

  it('reads YAML 1.2 whatever a directive says, and JSON', () => {
    expect(compiled(`%YAML 1.1\n---\n${SHOP}`).name).toBe('shop');
    const yes = SHOP.replace('signals:', 'signals:\n  x: { on: visit, publish: yes }');
    expect(compile(`%YAML 1.1\n---\n${yes}`)).toMatchObject({ ok: false, problems: [{ code: 'DEFINITION.TYPE' }] });
    expect(comparable(JSON.stringify(parse(SHOP)))).toEqual(comparable(SHOP));
    expect(comparable(SHOP.replaceAll('\n', '\r\n'))).toEqual(comparable(SHOP));
  });

  it('fills in what a definition leaves out', () => {
    const { subject, currency, settleMs, fields, signals, views } = compiled(
      'kind: Lifecycle\nname: x\nversion: 1\nactivity: [{ type: page, role: visit }]\nstages: { initial: a, states: { a: } }',
    );
    expect({ subject, currency, settleMs, fields, signals, views }).toEqual({
      subject: 'customer',
      currency: null,
      settleMs: 86_400_000,
      fields: [],
      signals: [],
      views: {},
    });
  });

  it('compiles every form of field', () => {
    const profile = 'a: { count: any }\n  b: { sum: purchase }\n  c: { gaps: [purchase, visit], occasion: PT1H }\n  ';
    expect(compiled(SHOP.replace('profile:\n  ', `profile:\n  ${profile}`)).fields.slice(0, 3)).toEqual([
      { name: 'a', kind: 'count', roles: ROLES, occasionMs: null },
      { name: 'b', kind: 'sum', plus: ['purchase'], minus: [], unit: 'money' },
      { name: 'c', kind: 'gaps', roles: ['purchase', 'visit'], occasionMs: 3_600_000 },
    ]);
  });

  it('adds up money and counts, each in its unit; counts need no currency', () => {
    const units = compiled(SEATS.replace('pace:', 'spend: { sum: purchase }\n  pace:')).fields.flatMap((field) =>
      field.kind === 'sum' ? [[field.name, field.unit]] : [],
    );
    expect(units).toEqual([
      ['x', 'count'],
      ['spend', 'money'],
    ]);
    const withoutMoney = SEATS.replace('currency: GBP\n', '').replace(', amount: event.properties.total', '');
    expect(compiled(withoutMoney)).toMatchObject({ currency: null });
  });

  it('keeps roles in the order that stored states hold times in: new ones come last', () => {
    expect(ROLES.join(' ')).toBe(
      'purchase refund usage visit revenue-change complaint support feedback contract contact-change cost closure consent training seat-change',
    );
    const rows = ROLES.toReversed().map((role) => `  - { event: ${role}, role: ${role} }\n`);
    expect(
      compiled(
        SHOP.replace(/ {2}- .*\n/g, '')
          .replace('activity:\n', `activity:\n${rows.join('')}`)
          .replace('currency: GBP\n', ''),
      ).roles,
    ).toEqual(ROLES);
  });

  it('compiles every form of signal', () => {
    const lines = [
      'a: { when: profile.orders >= 2, until: profile.orders < 1, edge: true }',
      'b: { absent: any, for: P1D, edge: true }',
      'c: { on: [purchase, visit], when: profile.energy > 1, publish: true }',
      'd: { on: any }',
      'e: { below: 0.5, of: energy }',
      'f: { above: 2, of: energy, edge: true }',
    ];
    const source = SHOP.replace('signals:\n', `signals:\n  ${lines.join('\n  ')}\n`);
    const predicate = (text: string, ...fields: number[]): unknown => expect.objectContaining({ source: text, fields });
    const [edge, publish] = [false, false];
    expect(compiled(source).signals.slice(0, 6)).toEqual([
      {
        ...{ name: 'a', edge: true, publish, kind: 'level' },
        when: predicate('profile.orders >= 2', 0),
        until: predicate('profile.orders < 1', 0),
      },
      { name: 'b', edge: true, publish, kind: 'absent', roles: 'any', forMs: 86_400_000 },
      {
        ...{ name: 'c', edge, publish: true, kind: 'pulse', roles: ['purchase', 'visit'] },
        when: predicate('profile.energy > 1', 1),
      },
      { name: 'd', edge, publish, kind: 'pulse', roles: ROLES, when: null },
      { name: 'e', edge, publish, kind: 'crossing', field: 1, direction: 'below', threshold: 0.5 },
      { name: 'f', edge: true, publish, kind: 'crossing', field: 1, direction: 'above', threshold: 2 },
    ]);
  });

  it('compiles nested, parallel, final and history states, and other regions', () => {
    const region = {
      initial: 'in',
      description: 'left out of the machine',
      states: {
        in: {
          type: 'parallel',
          description: 'kept',
          states: {
            a: { initial: 'x', states: { x: { after: { P1D: '#care.out' } }, y: { type: 'final' } } },
            b: { initial: 'x', states: { x: {}, h: { type: 'history', history: 'deep', target: 'x' } } },
          },
          on: { quiet: { target: '.b.h', reenter: true } },
        },
        out: { on: { bought: { target: 'in', reenter: false } } },
      },
    };
    const [, care] = compiled(`${SHOP}regions: ${JSON.stringify({ care: region })}`).regions;
    const { description, ...machine } = region;
    expect(description).toBeDefined();
    const expected = JSON.parse(
      JSON.stringify({ id: 'care', ...machine })
        .replace('"P1D":"#care.out"', '"86400000":{"target":"#care.out"}')
        .replace(',"reenter":false', ''),
    ) as unknown;
    expect(care).toEqual({ name: 'care', machine: expected });
  });
});
