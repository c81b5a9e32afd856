/** A file of tests: read by its shape, which gives the JSON Schema, too. */
import { inFamily, locateIn, Problems, readSourceText, readTree, type Problem } from '@perennial/definition';
import type { Json, JsonObject } from '@perennial/values';
import type { Position } from './lifecycle-test';
import { FAMILY, type TestProblems } from './problems';
import { testFileShape, type WrittenTestFile } from './shape/test-file-shape';

/** A file whose form is right. Its names are looked up once its definition is there. */
export interface ReadFile {
  readonly written: WrittenTestFile;
  readonly locate: (offset: number) => Position;
  /** A path from the file, or the name of a template. */
  readonly definition: { readonly value: string } & Position;
}

export type ReadTestFile =
  | { readonly ok: true; readonly file: ReadFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the bytes of a test file. Never throws: what is wrong comes back with line and column, all at once. */
export function readTestFile(bytes: Uint8Array): ReadTestFile {
  const source = readSourceText(bytes);
  if (!source.ok) return { ok: false, problems: [{ ...source.problem, code: inFamily(source.problem.code, FAMILY) }] };
  const locate = locateIn(source.text);
  const problems: TestProblems = new Problems(locate, FAMILY);
  const tree = readTree(source.text, problems);
  const written = tree === null ? null : testFileShape.read(tree, problems);
  const definition = written?.definition;
  if (written === null || definition === undefined || problems.failed) return { ok: false, problems: problems.list() };
  return { ok: true, file: { written, locate, definition: { value: definition.value, ...locate(definition.at) } } };
}

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
