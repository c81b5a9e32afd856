/** Writes docs/asyncapi/asyncapi.yaml from the zod schemas and the declared topics. Runs on the build: `npm run build` first. */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { asyncApiText } = require('../../dist/libs/contracts/src/asyncapi/document');
const { variables } = require('../../dist/libs/config/src/variables');
const { topicSpecs } = require('../../dist/libs/stream/src/topics');
const { version } = require('../../package.json');

const folder = join(__dirname, '../../docs/asyncapi');
const partitions = variables.PARTITIONS.parse(undefined);
const replication = variables.REPLICATION_FACTOR.parse(undefined);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'asyncapi.yaml'), asyncApiText(version, topicSpecs('', partitions, replication)));
console.log(`asyncapi.yaml in ${folder}`);
