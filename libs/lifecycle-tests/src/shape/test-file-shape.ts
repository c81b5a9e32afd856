import { isShallow, type Json, type JsonObject } from '@perennial/values';
import {
  duration,
  either,
  freeText,
  list,
  type Located,
  mapped,
  object,
  type ObjectOf,
  oneOf,
  optional,
  positive,
  required,
  type Shape,
  spelt,
  type Tree,
  wrongType,
} from '@perennial/definition';
import { ACTIVITY_TYPES } from '@perennial/contracts';
import { casesOf, type TestCase } from '../cases';
import { TEST_LIMITS } from '../problems';
import { instantShape, timeShape } from '../timeline';
import { expectationShape } from './expectation-shape';

/** The deepest nesting of properties that the engine takes. */
const NESTING = 32;

/** Properties of an activity: any JSON object. */
const propertiesShape: Shape<Located<JsonObject>> = {
  schema: { type: 'object', description: 'Properties of the activity, as the producer would send them.' },
  read: (tree, problems) => {
    if (tree.kind !== 'map') return wrongType(tree, 'properties: a map such as { total: 25.00 }', problems);
    const value = objectOf(tree);
    if (isShallow(value, NESTING)) return { value, at: tree.at };
    problems.error('DEFINITION.VALUE', tree.at, `Properties nest at most ${NESTING} levels: the engine takes no more.`);
    return null;
  },
};

function objectOf(tree: Tree & { readonly kind: 'map' }): JsonObject {
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key.value, jsonOf(value)]));
}

function jsonOf(tree: Tree): Json {
  switch (tree.kind) {
    case 'map':
      return objectOf(tree);
    case 'list':
      return tree.items.map(jsonOf);
    case 'scalar':
      return tree.value;
  }
}

const activityProperties = {
  event: optional(freeText('the name of a tracked event, such as Order Completed')),
  type: optional(oneOf(ACTIVITY_TYPES, 'a type of activity')),
  id: optional(freeText('the id of the activity: the same id again is a repeat')),
  timestamp: optional(timeShape),
  properties: optional(propertiesShape),
};
export type WrittenActivity = Omit<ObjectOf<typeof activityProperties>, 'keys'>;

const activityShape = either<WrittenActivity>('the name of an event, or { event, properties, … }', {
  scalar: mapped(activityProperties.event.shape, (event) => ({
    at: event.at,
    event,
    type: undefined,
    id: undefined,
    timestamp: undefined,
    properties: undefined,
  })),
  map: object({ what: 'an activity', properties: activityProperties }),
});

const repeatShape = object({
  what: '"repeat"',
  properties: {
    times: required(positive('integer', `how often, at most ${TEST_LIMITS.repeats}`, TEST_LIMITS.repeats)),
    every: required(duration()),
  },
});

const stepProperties = {
  time: spelt('at', optional(timeShape)),
  after: optional(duration()),
  customer: optional(freeText('whose step it is; any text')),
  activity: optional(activityShape),
  repeat: optional(repeatShape),
  expect: optional(expectationShape),
};
export type WrittenStep = ObjectOf<typeof stepProperties>;

const testShape = object({
  what: 'a test',
  properties: {
    name: required(freeText('what the test shows, in words')),
    start: optional(instantShape),
    steps: required(list('steps', object({ what: 'a step', properties: stepProperties }), TEST_LIMITS.stepsOfTest)),
  },
});

export type WrittenTest = TestCase<WrittenStep>;

const testsShape = casesOf(testShape);

/** A whole file: the one description that reading, messages and the JSON Schema are made from. */
export const testFileShape = object({
  what: 'a file of lifecycle tests',
  properties: {
    kind: required(oneOf(['LifecycleTests'], 'the kind')),
    definition: required(freeText('the path of a definition from this file, or the name of a template such as retail')),
    description: optional(freeText('what the tests are about')),
    start: optional(instantShape),
    tests: required(testsShape),
  },
});
export type WrittenTestFile = NonNullable<ReturnType<typeof testFileShape.read>>;
