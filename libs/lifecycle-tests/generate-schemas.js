/** Writes schemas/*.json from the shapes that read test files. Runs on the build: see `npm run generate`. */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { testFileSchemaText } = require('../../dist/libs/lifecycle-tests/src');

const folder = join(__dirname, 'schemas');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'lifecycle-tests.schema.json'), testFileSchemaText());
console.log(`1 schema in ${folder}`);
