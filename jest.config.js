module.exports = {
  projects: [
    '<rootDir>/apps/*/jest.config.js',
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/bench/jest.config.js',
    '<rootDir>/test/jest.config.js',
    '<rootDir>/test/jest.ci.config.js',
  ],
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/slow-first.js',
  // A worker that has run many files collects garbage for longer than it runs tests.
  workerIdleMemoryLimit: '1GB',
};
