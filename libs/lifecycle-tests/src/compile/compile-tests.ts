/** A file of tests, as written, and its definition → tests that can run, or the problems of the file. */
import { parseInstant, type Instant } from '@perennial/values';
import { didYouMean, Problems, quote, type CompiledDefinition, type Problem } from '@perennial/definition';
import type { Check } from '../check/check';
import type { Arrival, LifecycleTest, Position, TestStep } from '../lifecycle-test';
import { FAMILY, type TestProblems } from '../problems';
import type { WrittenExpectation } from '../shape/expectation-shape';
import type { WrittenStep, WrittenTest } from '../shape/test-file-shape';
import type { ReadFile } from '../test-file';
import { resolveTime, showTime, type Timeline } from '../timeline';
import { ActivityCompiler, DEFAULT_CUSTOMER, lengthOf } from './activities';
import { ExpectationCompiler } from './expectations';

/** When tests start that do not say when: a Monday, so that weeks are easy to count. */
export const DEFAULT_START: Instant = parseInstant('2024-01-01T09:00:00Z') ?? 0;
/** Deadlines lie later, and are written with four digits of the year. */
const LAST_TIME: Instant = parseInstant('9000-01-01T00:00:00Z') ?? 0;
const MOMENT_KEYS = ['outcome', 'amountLeftOut'];

export type CompiledTests =
  | { readonly ok: true; readonly tests: readonly LifecycleTest[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks every name against the definition: an expectation that can never be true is a problem, and no failed test. */
export function compileTests({ written, locate }: ReadFile, definition: CompiledDefinition): CompiledTests {
  const problems: TestProblems = new Problems(locate, FAMILY);
  const compiler = new TestCompiler(definition, locate, problems);
  const { tests = [], start } = written;
  checkNames(tests, problems);
  const compiled = tests.map((test) => compiler.compile(test, start?.value ?? null));
  return problems.failed ? { ok: false, problems: problems.list() } : { ok: true, tests: compiled };
}

function checkNames(tests: readonly WrittenTest[], problems: TestProblems): void {
  const seen = new Set<string>();
  for (const { name } of tests) {
    if (name === undefined) continue;
    if (seen.has(name.value)) {
      problems.error(
        'TESTS.DUPLICATE_NAME',
        name.at,
        `Another test is called ${quote(name.value)}, too. Rename one of them.`,
      );
    }
    seen.add(name.value);
  }
}

class TestCompiler {
  private readonly activities: ActivityCompiler;
  private readonly expectations: ExpectationCompiler;

  constructor(
    definition: CompiledDefinition,
    private readonly locate: (offset: number) => Position,
    private readonly problems: TestProblems,
  ) {
    this.activities = new ActivityCompiler(definition, problems);
    this.expectations = new ExpectationCompiler(definition, problems);
  }

  compile(test: WrittenTest, start: Instant | null): LifecycleTest {
    const stated = test.start?.value ?? start;
    const timeline: Timeline = { start: stated ?? DEFAULT_START, stated: stated !== null };
    this.checkExpectations(test);
    const activityIds = test.steps.flatMap(({ activity }) => activity?.id?.value ?? []);
    let clock = timeline.start;
    const steps = test.steps.map((step): TestStep => {
      const at = this.begin(step, timeline, clock);
      clock = at + lengthOf(step);
      if (clock > LAST_TIME) this.problems.error('TESTS.TIME', step.at, 'The step is later than the year 8999.');
      const customer = this.activities.customer(step.customer);
      const arrivals: readonly Arrival[] = this.activities.arrivals(step, customer, timeline, at);
      const checks =
        step.expect === undefined ? [] : this.expectations.compile(step.expect, { timeline, now: clock, activityIds });
      return { customer, arrivals, now: clock, checks: checks.map((check) => this.placed(check)) };
    });
    return { name: test.name?.value ?? '', ...this.locate(test.at), timeline, steps };
  }

  private placed(check: Check): Check & Position {
    return { ...check, ...this.locate(check.at) };
  }

  /** When a step begins: at its time, so long after the one before, or with it. */
  private begin(step: WrittenStep, timeline: Timeline, clock: Instant): Instant {
    const { time, after } = step;
    if (time !== undefined && after !== undefined) {
      const message = 'A step has "at" (a time) or "after" (since the step before), not both. Leave one out.';
      this.problems.error('DEFINITION.CONFLICTING_KEYS', after.at, message);
    }
    if (step.keys.size === 0 || (step.keys.size === 1 && step.keys.has('customer'))) {
      this.problems.error(
        'DEFINITION.MISSING_KEY',
        step.at,
        'The step does nothing: give it a time, an activity or an expectation.',
      );
    }
    if (time === undefined) return clock + (after?.value ?? 0);
    const at = resolveTime(timeline, time.value);
    if (at < clock) {
      const message = `The clock stands at ${showTime(timeline, clock)} already, and never goes back. What arrives late has a "timestamp" of its own.`;
      this.problems.error('TESTS.TIME', time.at, message);
    }
    return at;
  }

  private checkExpectations({ at, steps, name }: WrittenTest): void {
    if (!steps.some(({ keys }) => keys.has('expect'))) {
      const message = 'The test expects nothing, so it would always pass. Give a step an "expect".';
      this.problems.error('TESTS.NO_EXPECTATION', name?.at ?? at, message);
    }
    const active = new Set(steps.filter(({ keys }) => keys.has('activity')).map(whoseStep));
    for (const step of steps) {
      if (step.expect === undefined) continue;
      this.checkMoment(step, step.expect);
      if (!active.has(whoseStep(step))) this.unknownCustomer(step, step.expect, active);
    }
  }

  private checkMoment(step: WrittenStep, { keys }: WrittenExpectation): void {
    for (const [key, offset] of keys) {
      if (!MOMENT_KEYS.includes(key) || step.keys.has('activity')) continue;
      this.problems.error('DEFINITION.MISSING_KEY', offset, `"${key}" is of an activity, and the step has none.`);
    }
  }

  private unknownCustomer({ customer }: WrittenStep, { at }: WrittenExpectation, active: ReadonlySet<string>): void {
    const who = customer === undefined ? 'The customer without a name' : `The customer ${quote(customer.value)}`;
    this.problems.error('TESTS.UNKNOWN_CUSTOMER', customer?.at ?? at, () => {
      const suggestion = customer === undefined ? '' : didYouMean(customer.value, [...active]);
      return `${who} does nothing in this test, so nothing can be expected.${suggestion}`;
    });
  }
}

const whoseStep = ({ customer }: WrittenStep): string => customer?.value ?? DEFAULT_CUSTOMER;
