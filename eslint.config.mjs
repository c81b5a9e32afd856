import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const pure = ['values', 'codec', 'contracts', 'definition', 'lifecycle', 'lifecycle-tests'].map(
  (lib) => `libs/${lib}/**/*.ts`,
);
const specs = ['**/*.spec.ts', '**/fixtures/**/*.ts', 'test/**/*.ts', 'libs/testing/**/*.ts'];
const impureGlobals = [
  'Date',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'Buffer',
  'crypto',
];
/** Packages that only shells may use. */
const shellPackages = ['@nestjs/*', 'typeorm', 'kafkajs', 'pg', 'prom-client', 'pino', 'express', 'commander'];
/** All that libs without side effects may import from npm. */
const allowedPackages = {
  contract: ['zod', 'yaml'],
  domain: ['zod', 'yaml', 'xstate', '@marcbachmann/cel-js'],
};
/** The types of projects that each type may import. */
const edges = {
  contract: ['contract'],
  domain: ['domain', 'contract'],
  application: ['application', 'domain', 'contract'],
  adapter: ['adapter', 'application', 'domain', 'contract'],
  app: ['adapter', 'application', 'domain', 'contract'],
  // Of the command line, bench and tests; no service is made of them.
  tool: ['tool', 'adapter', 'application', 'domain', 'contract'],
  command: ['tool', 'adapter', 'application', 'domain', 'contract'],
  testing: ['testing', 'adapter', 'application', 'domain', 'contract'],
};
const packagesOf = (type) => {
  if (type in allowedPackages) return { allowedExternalImports: allowedPackages[type] };
  return type === 'application' ? { bannedExternalImports: shellPackages } : {};
};
const depConstraints = [
  ...Object.entries(edges).map(([type, targets]) => ({
    sourceTag: `type:${type}`,
    onlyDependOnLibsWithTags: targets.map((target) => `type:${target}`),
    ...packagesOf(type),
  })),
  // The processor knows no domain, so that it carries any service.
  { sourceTag: 'lib:processor', onlyDependOnLibsWithTags: ['type:contract'] },
];
/** Specs of these libs use `testing`, which is made of them; their sources may not, so nothing that runs is circular. */
const tellsStories = ['values', 'contracts', 'definition', 'lifecycle', 'processor', 'engine', 'importer', 'stream', 'store'].map(
  (lib) => [lib, 'testing'],
);
const boundaries = (constraints) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: [],
    ignoredCircularDependencies: tellsStories,
    depConstraints: constraints,
  },
];

export default tseslint.config(
  { ignores: ['dist/**', '**/node_modules/**', '**/*.js', '**/*.mjs', 'tmp/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      '@typescript-eslint/no-extraneous-class': 'off', // Nest modules are empty classes
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off', // Nest types its option bags as classes
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: pure,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
      'no-restricted-imports': ['error', { patterns: ['node:*'] }],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['libs/config/**/*.ts', ...specs],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the environment through libs/config.' },
        { object: 'Math', property: 'random', message: 'Pass ids and random numbers in.' },
      ],
    },
  },
  {
    // Specs may use the testing lib; nothing else may.
    files: specs,
    rules: {
      '@nx/enforce-module-boundaries': boundaries([
        ...depConstraints.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
          sourceTag,
          onlyDependOnLibsWithTags: [
            ...onlyDependOnLibsWithTags,
            'type:testing',
            'type:domain',
            'type:contract',
            'type:application',
          ],
        })),
      ]),
    },
  },
);
