/** `perennial test` and `perennial replay` state the same facts of the same activities: both run the engine's core. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatInstant, type CustomerId, type Instant } from '@perennial/values';
import type { Activity, Fact } from '@perennial/contracts';
import { Replay } from '@perennial/lifecycle';
import { definitionOf } from '@perennial/testing';
import fc from 'fast-check';
import { compileTests } from './compile/compile-tests';
import { Coverage } from './coverage';
import { runTest } from './run-test';
import { readTestFile } from './test-file';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1, 9);
const definition = definitionOf(readFileSync(join(__dirname, '../../definition/templates/retail.yaml'), 'utf8'));

interface Happening {
  readonly hours: number;
  readonly customer: string;
  /** Null: the clock moves. */
  readonly event: 'Order Completed' | 'Order Refunded' | 'page' | null;
  readonly total: number;
}
const happening: fc.Arbitrary<Happening> = fc.record({
  hours: fc.oneof(fc.constantFrom(0, 1, 24, 1440, 4320), fc.integer({ min: 0, max: 2000 })),
  customer: fc.constantFrom('anna', 'ben', 'cleo'),
  event: fc.constantFrom('Order Completed', 'Order Completed', 'Order Refunded', 'page', null),
  total: fc.integer({ min: -500, max: 10_000 }),
});
const history = fc.array(happening, { minLength: 1, maxLength: 30 });

type Told = Exclude<Fact, { readonly kind: 'state' }>;

/** Facts of each customer but `state`, of which a log may have one for each input. */
function replayed(happenings: readonly Happening[]): Map<string, Told[]> {
  const facts = new Map<string, Told[]>();
  const replay = new Replay(definition, {
    onFact: (customer, fact) => {
      if (fact.kind !== 'state') facts.set(customer, [...(facts.get(customer) ?? []), fact]);
    },
  });
  let at = START;
  for (const one of happenings) {
    at += one.hours * HOUR;
    if (one.event !== null) replay.take(activityOf(one, at), at);
  }
  replay.finish(at);
  return facts;
}

function activityOf({ event, customer, total }: Happening, at: Instant): Activity {
  const head = { id: null, customer: customer as CustomerId, at };
  if (event === 'page' || event === null) return { ...head, type: 'page', event: null, properties: {} };
  return { ...head, type: 'track', event, properties: { total: total / 100, currency: 'GBP' } };
}

/** A test that expects exactly the facts, written as a person would. */
function testFile(happenings: readonly Happening[], facts: ReadonlyMap<string, readonly Told[]>): string {
  let last = START;
  const steps = happenings.map(({ hours, customer, event, total }) => {
    last += hours * HOUR;
    const activity =
      event === 'page' ? { type: 'page' } : { event, properties: { total: total / 100, currency: 'GBP' } };
    return { at: formatInstant(last), customer, ...(event === null ? {} : { activity }) };
  });
  const ends = [...facts].map(([customer, told]) => ({ customer, expect: { facts: told.map(written) } }));
  const test = { name: 'the same', steps: [...steps, ...ends] };
  return JSON.stringify({ kind: 'LifecycleTests', definition: 'retail', start: formatInstant(START), tests: [test] });
}

function written(fact: Told): object {
  const at = formatInstant(fact.occurredAt);
  if (fact.kind === 'signal') return { signal: fact.signal, change: fact.change, at };
  const { region, from, to, path, cause } = fact;
  const { kind, signal } = cause;
  return { region, from, to, path, at, cause: { kind, ...(signal === null ? {} : { signal }) } };
}

function mismatches(source: string): readonly unknown[] {
  const read = readTestFile(new TextEncoder().encode(source));
  const tests = read.ok ? compileTests(read.file, definition) : read;
  if (!tests.ok) return tests.problems;
  return tests.tests.flatMap((test) => runTest(test, new Coverage(definition)).mismatches);
}

describe('lifecycle tests', () => {
  it('state the facts of a replay, whatever happens', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        const facts = replayed(happenings);
        fc.pre(facts.size > 0);
        expect(mismatches(testFile(happenings, facts))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('would be noticed if one fact were another', () => {
    const happenings: Happening[] = [{ hours: 0, customer: 'anna', event: 'Order Completed', total: 100 }];
    const facts = replayed(happenings);
    const [, ...others] = facts.get('anna') ?? [];
    expect(mismatches(testFile(happenings, new Map([['anna', others]])))).toHaveLength(1);
  });
});
