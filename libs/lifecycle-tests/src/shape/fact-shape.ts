import { CAUSE_KINDS, type Cause } from '@perennial/contracts';
import {
  either,
  freeText,
  list,
  mapped,
  object,
  oneOf,
  optional,
  required,
  spelt,
  type Located,
  type ObjectOf,
  type Shape,
} from '@perennial/definition';
import { TEST_LIMITS } from '../problems';
import { timeShape } from '../timeline';

/** Commands are no part of tests. */
const kinds: readonly Cause['kind'][] = CAUSE_KINDS.filter((kind) => kind !== 'command');

const causeProperties = {
  kind: optional(oneOf(kinds, 'a kind of cause')),
  signal: optional(freeText('the name of the signal that moved the customer')),
  activity: optional(freeText('the id of the activity')),
};
export type WrittenCause =
  | { readonly form: 'word'; readonly at: number; readonly word: string }
  | ({ readonly form: 'map' } & ObjectOf<typeof causeProperties>);

const causeShape = either<WrittenCause>(
  `the name of a signal, a kind of cause (${kinds.join(', ')}), or { kind, signal, activity }`,
  {
    scalar: mapped(freeText('the name of a signal, or a kind of cause'), ({ value, at }) => ({
      form: 'word',
      at,
      word: value,
    })),
    map: mapped(object({ what: 'a cause', properties: causeProperties }), (read) => ({ form: 'map', ...read })),
  },
);

/** `from: null` is an entry. */
const fromShape: Shape<Located<string | null>> = {
  schema: { type: ['string', 'null'], description: 'The state that was left; null for an entry.' },
  read: (tree, problems) =>
    tree.kind === 'scalar' && tree.value === null
      ? { value: null, at: tree.at }
      : freeText('the name of a state, or null for an entry').read(tree, problems),
};

const moveProperties = {
  region: optional(freeText('the name of a region')),
  from: optional(fromShape),
  to: optional(freeText('the name of a state')),
  path: optional(freeText('the path of a move, such as in-life.regular → dormancy')),
  time: spelt('at', optional(timeShape)),
  cause: optional(causeShape),
};
const kind = <K extends string>(word: K) => optional(oneOf([word], 'the kind of fact'));
const signalProperties = {
  kind: kind('signal'),
  signal: required(freeText('the name of a signal')),
  change: optional(oneOf(['on', 'off', 'pulse'], 'how a signal changes')),
  time: spelt('at', optional(timeShape)),
  activity: optional(freeText('the id of the activity')),
};

export type WrittenMove = ObjectOf<typeof moveProperties>;
export type WrittenFlip = ObjectOf<typeof signalProperties>;
export type WrittenFact = ({ readonly form: 'move' } & WrittenMove) | ({ readonly form: 'signal' } & WrittenFlip);

const moveShape = object({ what: 'a move', properties: moveProperties });
const moveFactShape = object({
  what: 'a fact of a move (one with "signal" is of a signal)',
  properties: { kind: kind('stage-changed'), ...moveProperties },
});
const signalFactShape = object({ what: 'a fact of a signal', properties: signalProperties });

/** A fact of a signal names it; any other is of a move. */
const factShape: Shape<WrittenFact> = {
  schema: { anyOf: [moveFactShape.schema, signalFactShape.schema] },
  read: (tree, problems) => {
    if (tree.kind === 'map' && tree.entries.some(({ key }) => key.value === 'signal')) {
      const read = signalFactShape.read(tree, problems);
      return read === null ? null : { form: 'signal', ...read };
    }
    const read = moveFactShape.read(tree, problems);
    return read === null ? null : { form: 'move', ...read };
  },
};

/** Facts that are expected: exactly these, or some among them and others not at all. */
export type WrittenFacts =
  | { readonly form: 'exactly'; readonly at: number; readonly facts: readonly WrittenFact[] }
  | {
      readonly form: 'among';
      readonly at: number;
      readonly include: readonly WrittenFact[];
      readonly exclude: readonly WrittenFact[];
    };

function factsOf(what: string, item: Shape<WrittenFact>): Shape<WrittenFacts> {
  const items = list(what, item, TEST_LIMITS.facts);
  const among = object({ what: `"${what}"`, properties: { include: optional(items), exclude: optional(items) } });
  const exactly: Shape<WrittenFacts> = {
    schema: { type: 'array', items: item.schema, maxItems: TEST_LIMITS.facts },
    read: (tree, problems) => {
      const facts = tree.kind === 'list' && tree.items.length === 0 ? [] : items.read(tree, problems);
      return facts === null ? null : { form: 'exactly', at: tree.at, facts };
    },
  };
  return either<WrittenFacts>(`none, a list of ${what}, or { include: [...], exclude: [...] }`, {
    scalar: mapped(oneOf(['none'], `that there are no ${what}`), ({ at }) => ({ form: 'exactly', at, facts: [] })),
    list: exactly,
    map: {
      schema: among.schema,
      read: (tree, problems) => {
        const read = among.read(tree, problems);
        if (read === null) return null;
        const { include = [], exclude = [] } = read;
        if (!read.keys.has('include') && !read.keys.has('exclude')) {
          problems.error(
            'DEFINITION.MISSING_KEY',
            tree.at,
            `One of the keys include, exclude is missing; "${what}" needs it.`,
          );
        }
        return { form: 'among', at: tree.at, include, exclude };
      },
    },
  });
}

export const movesShape = factsOf(
  'moves',
  mapped(moveShape, (move): WrittenFact => ({ form: 'move', ...move })),
);
export const factsShape = factsOf('facts', factShape);
