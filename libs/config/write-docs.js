// Writes docs/configuration.md from the built schema: `npm run generate`.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const root = join(__dirname, '../..');
const { documentVariables } = require(join(root, 'dist/libs/config/src/index.js'));

writeFileSync(join(root, 'docs/configuration.md'), documentVariables());
