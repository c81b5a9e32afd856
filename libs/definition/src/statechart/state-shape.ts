import { LIMITS } from '../limits';
import { either, mapped, recursive } from '../shape/choices';
import { type Entry, object, optional, record, required } from '../shape/collections';
import { nameOf, type NameRule } from '../shape/names';
import { boolean, freeText, oneOf, readDelay, text } from '../shape/scalars';
import type { Shape } from '../shape/shape';
import type { Located } from '../yaml-tree';
import type { ChartState } from './chart';

/** Where a move leads, as it is written. */
export interface WrittenMove {
  readonly target: Located<string> | undefined;
  readonly reenter: boolean;
}

/** A state as it is written. */
export interface WrittenState {
  readonly at: number;
  readonly keys: ReadonlyMap<string, number>;
  readonly type: Located<'parallel' | 'final' | 'history'> | undefined;
  readonly initial: Located<string> | undefined;
  readonly states: readonly Entry<WrittenState>[] | undefined;
  readonly on: readonly Entry<WrittenMove>[] | undefined;
  readonly after: readonly Entry<WrittenMove>[] | undefined;
  readonly history: Located<'shallow' | 'deep'> | undefined;
  readonly target: Located<string> | undefined;
  readonly description: Located<string> | undefined;
}

const MOVES_BY_SIGNAL = 'conditions belong to signals; name a signal that has the condition in "on".';
const NO_ACTIONS = 'a definition does nothing but move customers; plays act on the facts of their moves.';
/** What XState has and definitions have not. */
const REFUSED = {
  always: 'a customer would pass through states without a cause. Move on a signal or after a time.',
  invoke: NO_ACTIONS,
  entry: NO_ACTIONS,
  exit: NO_ACTIONS,
  actions: NO_ACTIONS,
  onDone: 'a customer would move without a cause. Move on a signal or after a time.',
  route: 'a customer would move without a cause. Move on a signal or after a time.',
  guard: MOVES_BY_SIGNAL,
  guards: MOVES_BY_SIGNAL,
  cond: MOVES_BY_SIGNAL,
  delays: 'write durations where they are used, in "after".',
  context: 'what is known of a customer is the profile.',
  id: 'a state is named by its path, such as #stage.in-life.',
  parent: 'a state is inside the one in which it is written.',
  order: 'what comes first is what is written first.',
  output: 'a definition computes nothing; facts tell where customers come to.',
  meta: 'what people should know of a state is its description.',
  tags: 'states are grouped by the labels of a view.',
  version: 'the definition as a whole has a version.',
  options: 'there is nothing to choose: docs/semantics.md has the rules.',
};

const targetShape = text({
  pattern: /^(?:#[A-Za-z][\w-]*\.|\.)?[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*$/,
  expected: 'a state: sibling, .child, or #region.path',
});

const moveShape = either<WrittenMove>(
  'a target state, or { target, reenter }',
  {
    scalar: mapped(targetShape, (target) => ({ target, reenter: false })),
    map: mapped(
      object({
        what: 'a move',
        properties: {
          target: required(targetShape),
          reenter: optional(boolean('true when a move into a state inside this one restarts this one, too')),
        },
        refused: REFUSED,
      }),
      ({ target, reenter }) => ({ target, reenter: reenter?.value ?? false }),
    ),
  },
  { list: { code: 'DEFINITION.REFUSED', reason: `One target for each signal: ${MOVES_BY_SIGNAL}` } },
);

const signalName = nameOf('signal');
const acceptedSignal: NameRule = {
  ...signalName,
  check: (name, problems) => {
    if (name.value.includes('*')) {
      const message = 'A wildcard would accept signals that are added later. Name each signal.';
      problems.error('DEFINITION.REFUSED', name.at, message);
    }
  },
};

const delay: NameRule = {
  what: 'delay',
  pattern: /^P[0-9DTHMSW.]+$/,
  check: (name, problems) => {
    const parsed = readDelay(name.value);
    if (!parsed.ok) problems.error('DEFINITION.DURATION', name.at, parsed.error);
  },
};

const statesShape: Shape<readonly Entry<WrittenState>[]> = record(
  nameOf('state'),
  recursive('state', () => stateShape),
  LIMITS.statesWithin,
);

const writtenStateShape = object({
  what: 'a state',
  properties: {
    on: optional(record(acceptedSignal, moveShape, LIMITS.signalsOfState)),
    after: optional(record(delay, moveShape, LIMITS.delaysOfState)),
    initial: optional(freeText('the name of a state inside this one')),
    states: optional(statesShape),
    type: optional(oneOf(['parallel', 'final', 'history'], 'a type of state')),
    history: optional(oneOf(['shallow', 'deep'], 'a type of history')),
    target: optional(targetShape),
    description: optional(freeText('what the state means')),
  },
  refused: REFUSED,
});

/** A state; nothing at all is a state that nobody leaves. */
export const stateShape: Shape<WrittenState> = {
  schema: { anyOf: [writtenStateShape.schema, { type: 'null' }] },
  read: (tree, problems) => {
    const empty = tree.kind === 'scalar' && tree.value === null;
    return writtenStateShape.read(empty ? { kind: 'map', at: tree.at, entries: [] } : tree, problems);
  },
};

const MOVES_OF_STATES =
  'a move leads out of a state. Write it in the state, or put states inside one that has the move.';
/** What states have and regions have not. */
const REFUSED_OF_REGIONS = {
  type: 'a region is in one state at a time; for another aspect of customers add a region.',
  on: MOVES_OF_STATES,
  after: MOVES_OF_STATES,
  history: 'a region is never left, so it has no history. Write a history state inside a state.',
  target: 'a target belongs to a history state, or to a move.',
};

/** The stage region, or another one. */
export const regionShape = object({
  what: 'a region',
  properties: {
    initial: required(freeText('the name of the state that customers enter')),
    states: required(statesShape),
    description: optional(freeText('what the region is about')),
  },
  refused: { ...REFUSED, ...REFUSED_OF_REGIONS },
});
export type WrittenRegion = NonNullable<ReturnType<typeof regionShape.read>>;
/** A region by its name; the stage region has none of its own. */
export interface NamedRegion {
  readonly name: Located<string>;
  readonly value: WrittenRegion | null | undefined;
}

export const regionsShape = record(nameOf('region'), regionShape, LIMITS.regions);

/** The kind of a state that is written so. */
export function kindOf(state: WrittenState): ChartState['kind'] {
  return state.type?.value ?? (state.keys.has('states') ? 'compound' : 'atomic');
}
