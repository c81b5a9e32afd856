/** Writes schemas/*.json from the zod schemas. Runs on the build: `npm run build` first. */
const { mkdirSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { schemaFiles } = require('../../dist/libs/contracts/src/schema-catalogue');

const folder = join(__dirname, 'schemas');
mkdirSync(folder, { recursive: true });
const files = schemaFiles();
for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
for (const [name, text] of files) writeFileSync(join(folder, name), text);
console.log(`${files.size} schemas in ${folder}`);
