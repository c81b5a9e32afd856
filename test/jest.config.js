const { join } = require('node:path');

const root = join(__dirname, '..');

/** Specs that need real servers or the built command line. `npm test` builds first; alone: `npm run build` before. */
module.exports = {
  ...require('../jest.base.js')(root),
  displayName: 'integration',
  testMatch: ['<rootDir>/{apps,libs}/**/*.{int,e2e}.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.(ci|long)\\.spec\\.ts$'],
  modulePathIgnorePatterns: ['<rootDir>/(dist|tmp|\\.nx|\\.perennial)/'],
  globalSetup: '<rootDir>/test/servers.ts',
  globalTeardown: '<rootDir>/test/servers-down.ts',
  setupFilesAfterEnv: ['<rootDir>/test/patience.js'],
};
