import { rolesShape } from '../activity/roles';
import { LIMITS } from '../limits';
import { expressionShape } from '../predicate/expression';
import { either } from '../shape/choices';
import { optional, record, required } from '../shape/collections';
import type { Entry } from '../shape/collections';
import { nameOf } from '../shape/names';
import { boolean, delay, freeText, positive } from '../shape/scalars';
import { variants } from '../shape/variants';
import type { VariantOf } from '../shape/variants';

const edge = optional(boolean('true when only the moment of turning on counts'));
const threshold = positive('number', 'a number above zero');
const of = required(freeText('the name of a decayed field'));

/** How long an absence lasts. Rhythms (the customer's own pace) are planned: known well enough to say so. */
const absenceShape = either(
  'a duration such as P60D',
  { scalar: delay() },
  { map: { code: 'DEFINITION.NOT_YET', reason: 'The engine knows no rhythm durations yet. Write a fixed one: P60D.' } },
);

const level = { when: required(expressionShape), until: optional(expressionShape), edge };
const absent = { absent: required(rolesShape), for: required(absenceShape), edge };
const pulse = {
  on: required(rolesShape),
  when: optional(expressionShape),
  publish: optional(boolean('true when each pulse is published as a fact')),
};
const below = { below: required(threshold), of, edge };
const above = { above: required(threshold), of, edge };

const ALWAYS_PUBLISHED = { publish: 'its flips are always published; only a pulse (on) leaves the choice.' };
const ALWAYS_EDGE = { edge: 'a pulse (on) is nothing but a moment.' };

const signalShape = variants('a signal', {
  when: { what: 'a signal with "when"', properties: level, refused: ALWAYS_PUBLISHED },
  absent: { what: 'a signal with "absent"', properties: absent, refused: ALWAYS_PUBLISHED },
  on: { what: 'a signal with "on"', properties: pulse, refused: ALWAYS_EDGE },
  below: { what: 'a signal with "below"', properties: below, refused: ALWAYS_PUBLISHED },
  above: { what: 'a signal with "above"', properties: above, refused: ALWAYS_PUBLISHED },
});

export type WrittenSignal = VariantOf<{
  when: typeof level;
  absent: typeof absent;
  on: typeof pulse;
  below: typeof below;
  above: typeof above;
}>;
export type SignalEntry = Entry<WrittenSignal>;
export const signalsShape = record(nameOf('signal'), signalShape, LIMITS.signals);
