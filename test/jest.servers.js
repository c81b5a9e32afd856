const { join } = require('node:path');

const root = join(__dirname, '..');

/** What all projects with real servers share. */
module.exports = {
  ...require('../jest.base.js')(root),
  testPathIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/(dist|tmp|\\.nx|\\.perennial)/'],
  globalSetup: '<rootDir>/test/servers.ts',
  globalTeardown: '<rootDir>/test/servers-down.ts',
  setupFilesAfterEnv: ['<rootDir>/test/patience.js'],
};
