import { z } from 'zod';
import { activitySchema, batchSchema, cloudEventSchema } from './activity-schema';
import { CLOCK_TYPE, clockSchema } from './clock';
import { commandSchemas } from './command';
import { signalFactSchema, stageChangedSchema, stateFactSchema } from './facts';
import { TOPIC } from './topics';

/** Every shape on the wire, by the name of its JSON Schema file. */
const CATALOGUE: Readonly<Record<string, z.ZodType>> = {
  [TOPIC.activity]: activitySchema,
  'perennial.activity-batch.v1': batchSchema,
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
