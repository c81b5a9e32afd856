import { either, mapped, object, optional, wrongType } from '@perennial/definition';
import type { Located, Shape } from '@perennial/definition';

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

export const rangeProperties = {
  about: optional(boundShape),
  within: optional(boundShape),
  atLeast: optional(boundShape),
  atMost: optional(boundShape),
};

export const exactlyShape: Shape<WrittenNumber> = mapped(boundShape, (bound) => ({
  form: 'exactly',
  at: bound.at,
  bound,
}));

export const numberShape: Shape<WrittenNumber> = either<WrittenNumber>(
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
export function rangeOf({ at, about, within, atLeast, atMost }: Bounds): Bounds {
  return { at, about, within, atLeast, atMost };
}
