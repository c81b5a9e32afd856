import { activityShape } from './activity/rows';
import { LIMITS } from './limits';
import { profileShape } from './profile/fields';
import { object, optional, required } from './shape/collections';
import { delay, freeText, oneOf, positive, text } from './shape/scalars';
import { signalsShape } from './signals/signals';
import { regionShape, regionsShape, stateShape } from './statechart/state-shape';
import { viewsShape } from './views';

const dedupeShape = object({
  what: 'dedupe',
  properties: {
    recent: required(
      positive('integer', `how many ids a customer remembers, at most ${LIMITS.recentIds}`, LIMITS.recentIds),
    ),
  },
});

/** A whole definition: the one description that reading, messages and the JSON Schema are made from. */
export const definitionShape = object({
  what: 'a definition',
  properties: {
    kind: required(oneOf(['Lifecycle'], 'the kind')),
    name: required(
      text({
        pattern: /^(?=.{1,64}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
        expected: 'a name of small letters, digits and dashes, at most 64 in all, such as b2b-saas',
      }),
    ),
    version: required(positive('integer', 'a whole number from 1')),
    description: optional(freeText('what the lifecycle is about')),
    subject: optional(oneOf(['customer', 'account'], 'the subject')),
    currency: optional(
      text({ pattern: /^[A-Z]{3}$/, expected: 'an ISO 4217 currency in capital letters, such as EUR' }),
    ),
    settle: optional(delay()),
    dedupe: optional(dedupeShape),
    activity: required(activityShape),
    profile: optional(profileShape),
    signals: optional(signalsShape),
    stages: required(regionShape),
    regions: optional(regionsShape),
    views: optional(viewsShape),
  },
});
export type WrittenDefinition = NonNullable<ReturnType<typeof definitionShape.read>>;

/** Text of the JSON Schema (2020-12) of definition files, for editors; made from the shapes that read them. */
export function definitionSchemaText(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Perennial lifecycle definition',
    ...definitionShape.schema,
    $defs: { state: stateShape.schema },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
