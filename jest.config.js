module.exports = {
  projects: [
    '<rootDir>/apps/*/jest.config.js',
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/bench/jest.config.js',
    '<rootDir>/test/jest.config.js',
    '<rootDir>/test/jest.ci.config.js',
  ],
  maxWorkers: 2,
};
