import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFiles } from './schema-catalogue';

const folder = join(__dirname, '../schemas');
const remedy = 'The JSON Schema files differ from the zod schemas: run `npm run generate` and commit the result.';

describe('the JSON Schema files', () => {
  const files = schemaFiles();

  it('are there, all of them and no others', () => {
    const present = { files: readdirSync(folder).sort(), remedy };
    expect(present).toEqual({ files: [...files.keys()].sort(), remedy });
  });

  it.each([...files])('%s says what its zod schema says', (name, text) => {
    expect({ text: readFileSync(join(folder, name), 'utf8'), remedy }).toEqual({ text, remedy });
  });

  it.each([...files])('%s is of the 2020-12 dialect and describes something', (_, text) => {
    const schema = JSON.parse(text) as Record<string, unknown>;
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(schema).length).toBeGreaterThan(2);
  });
});
