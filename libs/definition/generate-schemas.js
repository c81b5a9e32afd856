/** Writes schemas/*.json from the shapes that read definitions. Runs on the build: see `npm run generate`. */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { definitionSchemaText } = require('../../dist/libs/definition/src');

const folder = join(__dirname, 'schemas');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'lifecycle.schema.json'), definitionSchemaText());
console.log(`1 schema in ${folder}`);
