const servers = require('./jest.servers');

/** Specs that only `npm run test:long` runs: they ask more of the machine than `npm test` may. */
module.exports = { ...servers, displayName: 'long', testMatch: ['<rootDir>/test/**/*.long.spec.ts'] };
