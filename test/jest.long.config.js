/** Specs that only `npm run test:long` runs: they ask more of the machine than `npm test` may. */
module.exports = {
  ...require('./jest.config.js'),
  displayName: 'long',
  testMatch: ['<rootDir>/test/**/*.long.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
