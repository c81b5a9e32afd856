import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { fileOf } from '../fixtures/shop';
import { testFileSchemaText } from './test-file';

const file = join(__dirname, '../schemas/lifecycle-tests.schema.json');
const retail = readFileSync(join(__dirname, '../../definition/templates/retail.lifecycle.yaml'), 'utf8');
const schema = z.fromJSONSchema(JSON.parse(testFileSchemaText()) as Parameters<typeof z.fromJSONSchema>[0]);

describe('the JSON Schema of test files', () => {
  it('is the file in schemas', () => {
    const remedy = 'Run: npm run generate';
    expect({ text: readFileSync(file, 'utf8'), remedy }).toEqual({ text: testFileSchemaText(), remedy });
  });

  it('accepts what is read, tables and all', () => {
    expect(schema.safeParse(parse(retail)).error).toBeUndefined();
  });

  it.each([
    '- activity: Order\n  expects: {}',
    '- activity: 1',
    '- expect: { signals: { a: true } }',
    '- expect: { stag: a }',
    '- expect: { signals: {} }',
    '- expect: { deadlines: {} }',
  ])('refuses %s', (steps) => {
    expect(schema.safeParse(parse(fileOf(steps))).success).toBe(false);
  });
});
