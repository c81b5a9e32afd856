import {
  boolean,
  either,
  freeText,
  mapped,
  object,
  oneOf,
  optional,
  record,
  type Entry,
  type Located,
  type ObjectOf,
  type Shape,
} from '@perennial/definition';
import { TEST_LIMITS } from '../problems';
import { timeShape, type WrittenTime } from '../timeline';
import { factsShape, movesShape } from './fact-shape';
import { fieldShape } from './field-shape';

/** What becomes of an activity, in the words of metrics and reports. */
export const OUTCOMES = ['taken', 'late', 'unverifiable', 'duplicate', 'uncatalogued', 'dead-letter'] as const;
export type ShownOutcome = (typeof OUTCOMES)[number];

/** Why an amount was left out, or that none was. */
const FLAWS = ['none', 'amount-missing', 'amount-unreadable', 'amount-other-sign', 'currency-mismatch'] as const;
export type ShownFlaw = (typeof FLAWS)[number];

/** When a deadline is due; null: it is not armed. */
export type WrittenDue = Located<WrittenTime | null>;

const none = mapped(oneOf(['none'], 'that nothing is armed'), ({ at }): WrittenDue => ({ value: null, at }));
const dueShape: Shape<WrittenDue> = {
  schema: timeShape.schema,
  read: (tree, problems) =>
    tree.kind === 'scalar' && tree.value === 'none' ? none.read(tree, problems) : timeShape.read(tree, problems),
};

/** Names of the definition are looked up later, with the help of those that there are; that there are any, too. */
const anyName = (what: string) => ({ what, pattern: /\S/, check: () => undefined });
function entriesOf<T>(what: string, shape: Shape<T>): Shape<readonly Entry<T>[]> {
  const entries = record(anyName(what), shape, TEST_LIMITS.entries);
  return { ...entries, schema: { ...entries.schema, minProperties: 1 } };
}

export type WrittenDeadlines =
  | { readonly form: 'none'; readonly at: number }
  | { readonly form: 'each'; readonly at: number; readonly entries: readonly Entry<WrittenDue>[] };

const eachDeadline = entriesOf('deadline', dueShape);
const deadlinesShape = either<WrittenDeadlines>(
  'none, or a map from deadlines to their times, such as { quiet: P60D }',
  {
    scalar: mapped(oneOf(['none'], 'that there are no deadlines'), ({ at }) => ({ form: 'none', at })),
    map: {
      schema: eachDeadline.schema,
      read: (tree, problems) => {
        const entries = eachDeadline.read(tree, problems);
        return entries === null ? null : { form: 'each', at: tree.at, entries };
      },
    },
  },
);

const properties = {
  entered: optional(boolean('true or false: whether the customer has entered the lifecycle')),
  stage: optional(freeText('the name of a stage, or the path of a state in it, such as in-life.regular')),
  since: optional(timeShape),
  regions: optional(entriesOf('region', freeText('the name of a state'))),
  signals: optional(entriesOf('signal', oneOf(['on', 'off'], 'how a signal stands'))),
  deadlines: optional(deadlinesShape),
  profile: optional(entriesOf('field', fieldShape)),
  moves: optional(movesShape),
  facts: optional(factsShape),
  outcome: optional(oneOf(OUTCOMES, 'what became of the activity')),
  amountLeftOut: optional(oneOf(FLAWS, 'why the amount was left out, or none')),
};
export type WrittenExpectation = ObjectOf<typeof properties>;

/** What is expected at a step: each key that is stated, and nothing of the others. */
export const expectationShape = object({ what: '"expect"', properties });
