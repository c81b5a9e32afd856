import type { Json, JsonObject } from '@perennial/values';
import { testFileShape } from './shape/test-file-shape';

/** In a test with a table, any value can be one of the row's. */
const PLACEHOLDER: JsonObject = { type: 'string', pattern: '<[A-Za-z][A-Za-z0-9_-]*>' };

/** Text of the JSON Schema (2020-12) of test files, for editors; made from the shapes that read them. */
export function testFileSchemaText(): string {
  const { properties, ...file } = testFileShape.schema;
  const { tests, ...others } = properties as JsonObject;
  const { items, ...list } = tests as JsonObject;
  const test = items as JsonObject;
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Perennial lifecycle tests',
    ...file,
    properties: {
      ...others,
      tests: { ...list, items: { ...test, properties: mapValues(test['properties'] as JsonObject) } },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Lets a placeholder stand in for whatever is no text already. */
function withPlaceholders(schema: JsonObject): JsonObject {
  const within = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'properties' ? mapValues(value as JsonObject) : below(key, value),
    ]),
  );
  return isClosed(schema) ? { anyOf: [within, PLACEHOLDER] } : within;
}

function below(key: string, value: Json): Json {
  if (key === 'items' || key === 'additionalProperties') return isSchema(value) ? withPlaceholders(value) : value;
  return key === 'anyOf' && Array.isArray(value) ? (value as readonly JsonObject[]).map(withPlaceholders) : value;
}

const mapValues = (schemas: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withPlaceholders(schema as JsonObject)]));

const isSchema = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a schema takes some texts only, or none. */
function isClosed({ type, enum: words, pattern }: JsonObject): boolean {
  return (
    words !== undefined ||
    pattern !== undefined ||
    (type !== undefined && type !== 'string' && !(Array.isArray(type) && type.includes('string')))
  );
}
