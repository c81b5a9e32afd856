const servers = require('./jest.servers');

/** Specs that need real servers or the built command line. `npm test` builds first; alone: `npm run build` before. */
module.exports = {
  ...servers,
  displayName: 'integration',
  testMatch: ['<rootDir>/{apps,libs}/**/*.{int,e2e}.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', String.raw`\.(ci|long)\.spec\.ts$`],
};
