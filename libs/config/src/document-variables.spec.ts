import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentVariables } from './document-variables';
import { variableDocs } from './variable';
import { variables } from './variables';

const remedy = 'docs/configuration.md is out of date: run `npm run generate` and commit the result';

it('docs/configuration.md says what the schema says', () => {
  const page = readFileSync(join(__dirname, '../../../docs/configuration.md'), 'utf8');
  expect(page === documentVariables() ? 'up to date' : remedy).toBe('up to date');
});

it('every variable is documented', () => {
  const undocumented = Object.entries(variables).filter(([, schema]) => !variableDocs.get(schema)?.about);
  expect(undocumented.map(([name]) => name)).toEqual([]);
});

it('a row names default, unit and consequence', () => {
  expect(documentVariables()).toContain(
    '| `HEARTBEAT_MS` | `1000` | ms | How often the engine tells the broker that it lives.',
  );
  expect(documentVariables()).toContain('| `DATABASE_URL` | required, or DATABASE_URLS |  | PostgreSQL database');
});
