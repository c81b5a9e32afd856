import type { Located } from '@perennial/definition';
import { differenceOf, NOT_ENTERED } from './check';
import type { Check } from './check';

/** `index` of the signal in the definition. */
export function signalCheck(name: string, index: number, { value, at }: Located<'on' | 'off'>): Check {
  return {
    at,
    subject: `signal ${name}`,
    compare: ({ state }) => differenceOf(value, state === null ? NOT_ENTERED : state.on[index] === true ? 'on' : 'off'),
  };
}
