import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ERRORS, SHOP } from '../fixtures/problem-cases';
import { definitionSchemaText } from './definition-shape';
import type { ProblemCode } from './problems';

const file = join(__dirname, '../schemas/lifecycle.schema.json');
const retail = readFileSync(join(__dirname, '../templates/retail.yaml'), 'utf8');
const schema = z.fromJSONSchema(JSON.parse(definitionSchemaText()) as Parameters<typeof z.fromJSONSchema>[0]);

/** What the form alone shows; the other problems are between the parts of a definition. */
const OF_FORM: readonly ProblemCode[] = ['DEFINITION.TYPE', 'DEFINITION.UNKNOWN_KEY', 'DEFINITION.REFUSED'];

describe('the JSON Schema of definitions', () => {
  it('is the file in schemas', () => {
    const remedy = 'Run: npm run generate';
    expect({ text: readFileSync(file, 'utf8'), remedy }).toEqual({ text: definitionSchemaText(), remedy });
  });

  it('accepts the definitions that compile', () => {
    expect(schema.safeParse(parse(retail)).error).toBeUndefined();
    expect(schema.safeParse(parse(SHOP)).error).toBeUndefined();
  });

  it.each(ERRORS.filter(({ code }) => OF_FORM.includes(code)))('refuses $what ($code)', ({ source }) => {
    expect(schema.safeParse(parse(source)).success).toBe(false);
  });
});
