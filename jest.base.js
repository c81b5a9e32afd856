const { readFileSync } = require('node:fs');
const { join } = require('node:path');

process.env.TZ = 'UTC';
const { $schema, ...swc } = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));
// Resolved by moduleNameMapper here; swc's relative baseUrl breaks when cwd is a project.
const { baseUrl, paths, ...jsc } = swc.jsc;
const transform = ['@swc/jest', { ...swc, jsc, swcrc: false }];
// ESM-only packages that Jest's CommonJS runtime cannot require: compiled to CommonJS by swc.
const esmOnly = ['@nestjs', '@marcbachmann/cel-js'];

module.exports = (rootDir) => ({
  rootDir,
  displayName: 'unit',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$'],
  transform: { '^.+\\.[tj]s$': transform },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  moduleNameMapper: {
    '^@perennial/(.+)$': join(__dirname, 'libs/$1/src/index.ts'),
  },
  setupFilesAfterEnv: [join(__dirname, 'test/patience.js')],
  coverageProvider: 'v8',
});
