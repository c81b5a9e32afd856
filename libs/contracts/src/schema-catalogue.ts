import type { Json, JsonObject } from '@perennial/values';
import { z } from 'zod';
import { activitySchema, batchSchema, cloudEventSchema } from './activity/activity-schema';
import { CLOCK_TYPE, clockSchema } from './control/clock';
import { commandSchemas } from './control/command';
import { signalFactSchema, stageChangedSchema, stateFactSchema } from './facts/fact';
import { TOPIC } from './topics';

/** Of the collector's requests alone: the topic does not take it. */
const BATCH = 'perennial.activity-batch.v1';

/** Every shape on the wire, by the name of its JSON Schema file. */
const CATALOGUE: Readonly<Record<string, z.ZodType>> = {
  [TOPIC.activity]: activitySchema,
  [BATCH]: batchSchema,
  'perennial.cloud-event.v1': cloudEventSchema,
  [CLOCK_TYPE]: clockSchema,
  ...commandSchemas,
  [TOPIC.stageChanged]: stageChangedSchema,
  [TOPIC.signal]: signalFactSchema,
  [TOPIC.state]: stateFactSchema,
};

/** File names and texts of the JSON Schemas (2020-12) of what is on the wire. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(Object.entries(CATALOGUE).map(([name, schema]) => [`${name}.json`, schemaText(name, schema)]));
}

function schemaText(name: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return `${JSON.stringify({ $schema, title: name, ...rest }, null, 2)}\n`;
}

/** The schemas of the AsyncAPI document: draft 7, which AsyncAPI's own schemas extend; shared parts by their ids. */
export function payloadSchemas(): JsonObject {
  const schemas: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(CATALOGUE)) {
    if (name === BATCH) continue;
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

/** Where the AsyncAPI document has the schema of that name. */
export const payloadReference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
