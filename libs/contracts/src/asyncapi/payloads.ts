import { z } from 'zod';
import { activitySchema, cloudEventSchema } from '../activity-schema';
import { CLOCK_TYPE, clockSchema } from '../clock';
import { commandSchemas } from '../command';
import { signalFactSchema, stageChangedSchema, stateFactSchema } from '../facts';
import type { Json, JsonObject } from '@perennial/values';
import { TOPIC } from '../topics';

/** What the values of messages look like, by the name in the document. */
const PAYLOADS: Readonly<Record<string, z.ZodType>> = {
  [TOPIC.activity]: activitySchema,
  'perennial.cloud-event.v1': cloudEventSchema,
  [CLOCK_TYPE]: clockSchema,
  ...commandSchemas,
  [TOPIC.stageChanged]: stageChangedSchema,
  [TOPIC.signal]: signalFactSchema,
  [TOPIC.state]: stateFactSchema,
};

/** The schemas of the document: draft 7, which AsyncAPI's own schemas extend; shared parts by their ids. */
export function payloadSchemas(): JsonObject {
  const schemas: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(PAYLOADS)) {
    const { definitions = {}, ...own } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
    for (const [id, shared] of Object.entries(definitions as JsonObject)) schemas[id] = withReferences(shared);
    delete own.$schema; // the document says which dialect it is in
    schemas[name] = withReferences(own as JsonObject);
  }
  return schemas;
}

/** References within a schema of its own become references within the document. */
function withReferences(json: Json): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (isArray(json)) return json.map(withReferences);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      name === '$ref' && typeof value === 'string'
        ? value.replace('#/definitions/', '#/components/schemas/')
        : withReferences(value),
    ]),
  );
}

const isArray = (json: Json): json is readonly Json[] => Array.isArray(json);

export const payloadReference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
