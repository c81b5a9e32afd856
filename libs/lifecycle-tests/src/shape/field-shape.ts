import { either, mapped, object, optional } from '@perennial/definition';
import type { Shape } from '@perennial/definition';
import { exactlyShape, numberShape, rangeOf, rangeProperties } from './number-shape';
import type { WrittenNumber } from './number-shape';

/** What the rhythm of a `gaps` field consists of. */
export const GAPS_PARTS = ['count', 'meanLog', 'spreadLog', 'typicalDays'] as const;
export type GapsPart = (typeof GAPS_PARTS)[number];

/** What a field of the profile is expected to be. */
export type WrittenField =
  | WrittenNumber
  | {
      readonly form: 'gaps';
      readonly at: number;
      /** Where a bound stands that is of no part. */
      readonly strayBound: number | undefined;
      readonly parts: readonly { readonly part: GapsPart; readonly number: WrittenNumber }[];
    };

const part = optional(numberShape);
const properties = { ...rangeProperties, count: part, meanLog: part, spreadLog: part, typicalDays: part };

export const fieldShape: Shape<WrittenField> = either<WrittenField>(
  'a number, an amount such as 25.00 EUR, { about, within }, { atLeast, atMost }, or parts of a gaps field such as { typicalDays: 7 }',
  {
    scalar: exactlyShape,
    map: mapped(object({ what: 'what a field is expected to be', properties }), (read): WrittenField => {
      const parts = GAPS_PARTS.flatMap((name) => {
        const number = read[name];
        return number === undefined ? [] : [{ part: name, number }];
      });
      const strayBound = Object.keys(rangeProperties).flatMap((name) => read.keys.get(name) ?? [])[0];
      return parts.length > 0 ? { form: 'gaps', at: read.at, strayBound, parts } : { form: 'range', ...rangeOf(read) };
    }),
  },
);
