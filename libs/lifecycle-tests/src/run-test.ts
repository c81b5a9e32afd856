/** Runs one test under its virtual clock. */
import type { Fact } from '@perennial/contracts';
import type { CustomerId } from '@perennial/values';
import type { Decision } from '@perennial/lifecycle';
import type { DiffLine, Taken, TestedFact } from './check/check';
import { factText } from './check/facts';
import type { Coverage } from './coverage';
import type { Arrival, LifecycleTest, Position, TestStep } from './lifecycle-test';
import type { ShownOutcome } from './shape/expectation-shape';
import { showTime } from './timeline';
import { MOST_INSTANTS, VirtualCustomers } from './virtual-customers';

/** An expectation that was not met, and where it is written. */
export interface Mismatch extends Position {
  readonly subject: string;
  readonly diff: readonly DiffLine[];
}

export interface TestResult extends Position {
  readonly name: string;
  readonly passed: boolean;
  readonly mismatches: readonly Mismatch[];
  /** What happened, a line each, in order; of a test that passed, nothing. */
  readonly story: readonly string[];
}

/** All steps are run, also after one that failed: each expectation says what became of it. */
export function runTest(test: LifecycleTest, coverage: Coverage): TestResult {
  return new Run(test, coverage).run();
}

class Run {
  private readonly customers: VirtualCustomers;
  /** Facts of each customer since it was last looked at. */
  private readonly facts = new Map<CustomerId, TestedFact[]>();
  /** Told of a test that failed only, up to the last step at which something was not met. */
  private readonly story: (() => string)[] = [];
  private toldTo = 0;
  private readonly isOfSeveral: boolean;

  constructor(
    private readonly test: LifecycleTest,
    private readonly coverage: Coverage,
  ) {
    this.customers = new VirtualCustomers(coverage.plan, (customer, facts) => {
      for (const fact of facts) this.hear(customer, fact);
    });
    this.isOfSeveral = new Set(test.steps.map(({ customer }) => customer)).size > 1;
  }

  run(): TestResult {
    const { name, line, column, steps } = this.test;
    const met = steps.flatMap((step) => (this.customers.isExhausted ? [] : this.step(step)));
    const mismatches = this.customers.isExhausted ? [...met, this.exhausted()] : met;
    const passed = mismatches.length === 0;
    return { name, line, column, passed, mismatches, story: this.story.slice(0, this.toldTo).map((tell) => tell()) };
  }

  private exhausted(): Mismatch {
    const { line, column } = this.test;
    const text = `More than ${MOST_INSTANTS} deadlines fell due: the definition has one that comes again and again, or the test is too long.`;
    return { line, column, subject: 'clock', diff: [{ sign: '+', text }] };
  }

  private step(step: TestStep): readonly Mismatch[] {
    const taken = step.arrivals.map((arrival) => this.arrive(arrival));
    this.customers.advance(step.now);
    return step.checks.length === 0 ? [] : this.look(step, taken);
  }

  private arrive(arrival: Arrival): Taken {
    this.customers.advance(arrival.at);
    const line = this.story.length;
    const taken = takenOf(this.customers.take(arrival));
    // Before the facts that it caused.
    this.story.splice(line, 0, () => this.arrivalText(arrival, taken));
    return taken;
  }

  private look({ customer, now, checks }: TestStep, taken: readonly Taken[]): readonly Mismatch[] {
    const state = this.customers.state(customer);
    const { timeline } = this.test;
    const observed = { plan: this.coverage.plan, state, now, timeline, facts: this.facts.get(customer) ?? [], taken };
    this.facts.delete(customer);
    const mismatches = checks.flatMap(({ subject, compare, line, column }) => {
      const diff = compare(observed);
      return diff.length === 0 ? [] : [{ line, column, subject, diff }];
    });
    if (mismatches.length > 0) this.toldTo = this.story.length;
    return mismatches;
  }

  private hear(customer: CustomerId, fact: Fact): void {
    this.coverage.hear(fact);
    if (fact.kind === 'state') return;
    this.story.push(() => this.told(customer, `  ${this.textOf(fact)}`));
    if (!this.coverage.isStated(fact)) return;
    const facts = this.facts.get(customer);
    if (facts === undefined) this.facts.set(customer, [fact]);
    else facts.push(fact);
  }

  private textOf(fact: TestedFact): string {
    const text = factText(fact, this.test.timeline, this.coverage.plan.definition.regions[0].name);
    return this.coverage.isStated(fact) ? text : `${text} (not published)`;
  }

  private arrivalText({ at, activity }: Arrival, { outcome, flaw }: Taken): string {
    const { timeline } = this.test;
    const name = activity.event ?? activity.type;
    const id = activity.id === null ? '' : ` (${activity.id})`;
    const of = activity.at === at ? '' : ` of ${showTime(timeline, activity.at)}`;
    const amount = flaw === 'none' ? '' : `, ${flaw}`;
    return this.told(activity.customer, `${showTime(timeline, at)}  ${name}${id}${of}: ${outcome}${amount}`);
  }

  private told(customer: CustomerId, text: string): string {
    return this.isOfSeveral ? `${customer}  ${text}` : text;
  }
}

function takenOf({ outcome, flaw }: Decision): Taken {
  return { outcome: SHOWN[outcome], flaw: flaw ?? 'none' };
}

/** What decisions call their outcome, in the words of metrics. A clock, which is `advanced`, is no activity. */
const SHOWN: Readonly<Record<Decision['outcome'], ShownOutcome>> = {
  taken: 'taken',
  late: 'late',
  unverifiable: 'unverifiable',
  duplicate: 'duplicate',
  ignored: 'uncatalogued',
  refused: 'dead-letter',
  advanced: 'taken',
};
