/** The activity of a step → what arrives, and when. */
import { isName, NAME_LIMIT, type Activity, type ActivityType } from '@perennial/contracts';
import { customerId, type CustomerId, type Instant, type Millis } from '@perennial/values';
import { didYouMean, quote, type CompiledDefinition, type Located } from '@perennial/definition';
import type { Arrival } from '../lifecycle-test';
import type { TestProblems } from '../problems';
import type { WrittenActivity, WrittenStep } from '../shape/test-file-shape';
import { resolveTime, showTime, type Timeline } from '../timeline';
import { listed } from './vocabulary';

/** Whose steps do not say whose they are. */
export const DEFAULT_CUSTOMER = 'customer' as CustomerId;
const ONCE = { times: 1, every: 0 };

export class ActivityCompiler {
  constructor(
    private readonly definition: CompiledDefinition,
    private readonly problems: TestProblems,
  ) {}

  customer(written: Located<string> | undefined): CustomerId {
    if (written === undefined) return DEFAULT_CUSTOMER;
    const customer = customerId(written.value);
    if (customer !== null) return customer;
    this.problems.error(
      'DEFINITION.VALUE',
      written.at,
      `${quote(written.value)} cannot name a customer: ${NAME_LIMIT}.`,
    );
    return DEFAULT_CUSTOMER;
  }

  /** What arrives at a step that begins at `at`; nothing when the activity is wrong, which is reported. */
  arrivals(step: WrittenStep, customer: CustomerId, timeline: Timeline, at: Instant): readonly Arrival[] {
    const { activity } = step;
    this.checkRepeat(step);
    if (activity === undefined) return [];
    const read = this.read(activity, customer);
    if (read === null) return [];
    this.checkCatalogued(read, activity, step);
    const stated = activity.timestamp && resolveTime(timeline, activity.timestamp.value);
    if (stated !== undefined && stated > at) {
      const message = `The activity is of a time after the step (${showTime(timeline, at)}): nothing arrives before it happens.`;
      this.problems.error('TESTS.TIME', activity.timestamp?.at ?? activity.at, message);
    }
    const { times, every } = repetition(step);
    return Array.from({ length: times }, (_, index) => {
      const arrives = at + index * every;
      return { at: arrives, activity: { ...read, at: stated ?? arrives } };
    });
  }

  private read(written: WrittenActivity, customer: CustomerId): Activity | null {
    const type = this.typeOf(written);
    if (type === null) return null;
    const { event, id, properties } = written;
    for (const name of [event, id]) {
      if (name === undefined || isName(name.value)) continue;
      this.problems.error('DEFINITION.VALUE', name.at, `${quote(name.value)} does not fit; expected ${NAME_LIMIT}.`);
      return null;
    }
    return {
      id: id?.value ?? null,
      customer,
      type,
      event: event?.value ?? null,
      at: null,
      properties: properties?.value ?? {},
    };
  }

  private typeOf({ event, type, at }: WrittenActivity): ActivityType | null {
    if (event === undefined && (type === undefined || type.value === 'track')) {
      this.problems.error('DEFINITION.MISSING_KEY', at, 'An activity needs "event", or a "type" such as page.');
      return null;
    }
    if (event !== undefined && type !== undefined && type.value !== 'track') {
      const message = `A ${type.value} activity has no event name. Leave out "event" or "type".`;
      this.problems.error('DEFINITION.CONFLICTING_KEYS', at, message);
      return null;
    }
    return type?.value ?? 'track';
  }

  /** A misspelt event would be left out without a word, and half of the expectations would hold all the same. */
  private checkCatalogued(activity: Activity, written: WrittenActivity, { expect }: WrittenStep): void {
    if (this.definition.catalogue(activity).kind === 'catalogued' || expect?.outcome?.value === 'uncatalogued') return;
    const { name, version, events } = this.definition;
    const what = activity.event === null ? `type ${activity.type}` : `event ${quote(activity.event)}`;
    const remedy = 'If that is what the test is about, expect outcome: uncatalogued.';
    this.problems.error('TESTS.UNKNOWN_EVENT', (written.event ?? written.type)?.at ?? written.at, () => {
      const suggestion = didYouMean(activity.event ?? '', events);
      return `No row of ${name} version ${version} matches the ${what}${listed(events)}.${suggestion} ${remedy}`;
    });
  }

  private checkRepeat({ repeat, activity }: WrittenStep): void {
    if (repeat === undefined) return;
    if (activity === undefined) {
      this.problems.error('DEFINITION.MISSING_KEY', repeat.at, 'Only an activity is repeated, and the step has none.');
    }
    const once = activity?.id ?? activity?.timestamp;
    if (once === undefined) return;
    const message = 'Each activity of a repeat has its own id and time. Leave this out, or write the steps one by one.';
    this.problems.error('DEFINITION.CONFLICTING_KEYS', once.at, message);
  }
}

/** How long the activities of a step take: from the first to the last. */
export function lengthOf(step: WrittenStep): Millis {
  const { times, every } = repetition(step);
  return (times - 1) * every;
}

function repetition({ repeat }: WrittenStep): { readonly times: number; readonly every: Millis } {
  if (repeat?.times === undefined || repeat.every === undefined) return ONCE;
  return { times: repeat.times.value, every: repeat.every.value };
}
