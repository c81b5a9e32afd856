/** How a customer stands: entered or not, the states of its regions and since when, its signals. */
import { activeStates } from '@perennial/lifecycle';
import type { Instant } from '@perennial/values';
import type { Located } from '@perennial/definition';
import { showTime } from '../timeline';
import { different, differenceOf, NOT_ENTERED, type Check } from './check';

export function enteredCheck({ value, at }: Located<boolean>): Check {
  const show = (entered: boolean): string => (entered ? 'entered' : 'not entered');
  return { at, subject: 'entered', compare: ({ state }) => differenceOf(show(value), show(state !== null)) };
}

/** `index` of the region, the stage region first. A state is met when it is active, with whatever is inside it. */
export function stateCheck(subject: string, index: number, { value, at }: Located<string>): Check {
  return {
    at,
    subject,
    compare: ({ state }) => {
      const configuration = state?.regions[index]?.configuration;
      if (configuration === undefined) return different(value, NOT_ENTERED);
      return activeStates(configuration).includes(value) ? [] : different(value, configuration.path);
    },
  };
}

export function sinceCheck(since: Instant, at: number): Check {
  return {
    at,
    subject: 'since',
    compare: ({ state, timeline }) => {
      const enteredAt = state?.regions[0]?.enteredAt;
      const actual = enteredAt === undefined ? NOT_ENTERED : showTime(timeline, enteredAt);
      return differenceOf(showTime(timeline, since), actual);
    },
  };
}

/** `index` of the signal in the definition. */
export function signalCheck(name: string, index: number, { value, at }: Located<'on' | 'off'>): Check {
  return {
    at,
    subject: `signal ${name}`,
    compare: ({ state }) => differenceOf(value, state === null ? NOT_ENTERED : state.on[index] === true ? 'on' : 'off'),
  };
}
