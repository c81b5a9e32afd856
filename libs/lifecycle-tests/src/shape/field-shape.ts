/** What a number or a field of the profile is expected to be. */
import { either, mapped, object, optional, wrongType, type Located, type Shape } from '@perennial/definition';

/** A number, or an amount as text: `25.00 EUR`. */
export type WrittenBound = Located<number | string>;

/** What a number is expected to be. */
export type WrittenNumber =
  | { readonly form: 'exactly'; readonly at: number; readonly bound: WrittenBound }
  | ({ readonly form: 'range' } & Bounds);

interface Bounds {
  readonly at: number;
  readonly about: WrittenBound | undefined;
  readonly within: WrittenBound | undefined;
  readonly atLeast: WrittenBound | undefined;
  readonly atMost: WrittenBound | undefined;
}

const EXPECTED = 'a number, or for sums an amount such as 25.00 EUR';

const boundShape: Shape<WrittenBound> = {
  schema: { type: ['number', 'string'], description: `A${EXPECTED.slice(1)}.` },
  read: (tree, problems) => {
    const value = tree.kind === 'scalar' ? tree.value : null;
    if (typeof value === 'string') return { value, at: tree.at };
    if (typeof value === 'number' && Number.isFinite(value)) return { value, at: tree.at };
    return wrongType(tree, EXPECTED, problems);
  },
};

const rangeProperties = {
  about: optional(boundShape),
  within: optional(boundShape),
  atLeast: optional(boundShape),
  atMost: optional(boundShape),
};

const exactlyShape: Shape<WrittenNumber> = mapped(boundShape, (bound) => ({
  form: 'exactly',
  at: bound.at,
  bound,
}));

const numberShape: Shape<WrittenNumber> = either<WrittenNumber>(
  `${EXPECTED}, { about, within } or { atLeast, atMost }`,
  {
    scalar: exactlyShape,
    map: mapped(object({ what: 'what a number is expected to be', properties: rangeProperties }), (range) => ({
      form: 'range',
      ...rangeOf(range),
    })),
  },
);

/** The bounds of what was read, whatever else was. */
function rangeOf({ at, about, within, atLeast, atMost }: Bounds): Bounds {
  return { at, about, within, atLeast, atMost };
}

/** What the rhythm of a `gaps` field consists of. */
const GAPS_PARTS = ['count', 'meanLog', 'spreadLog', 'typicalDays'] as const;
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
