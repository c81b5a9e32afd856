const servers = require('./jest.servers');

/** Specs for which `npm test` has no room: real kills, browsers. `npm run test:ci` runs them. */
module.exports = { ...servers, displayName: 'ci', testMatch: ['<rootDir>/test/**/*.ci.spec.ts'] };
