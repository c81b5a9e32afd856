/** Proves that the lint keeps the edges of the architecture: each forbidden import and global is tried and refused. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');
const EDGES = '@nx/enforce-module-boundaries';

/** Code that would stand in an existing file (typed lint needs one), and the rules it must break; none: it is fine. */
const attempts: Record<string, readonly [file: string, code: string, ...rules: string[]]> = {
  'an adapter in a domain lib': [
    'libs/lifecycle/src/index.ts',
    "export { topicSpecs } from '@perennial/stream';",
    EDGES,
  ],
  'an adapter in the application': ['libs/engine/src/index.ts', "export { migrate } from '@perennial/store';", EDGES],
  'a domain lib in a contract': [
    'libs/contracts/src/index.ts',
    "export { compile } from '@perennial/definition';",
    EDGES,
  ],
  'the lifecycle in the processor': [
    'libs/processor/src/index.ts',
    "export { decide } from '@perennial/lifecycle';",
    EDGES,
  ],
  'Nest in a domain lib': ['libs/lifecycle/src/index.ts', "export { Module } from '@nestjs/common';", EDGES],
  'Nest in the application': ['libs/engine/src/index.ts', "export { Module } from '@nestjs/common';", EDGES],
  'a package that is not on the list in a contract': [
    'libs/contracts/src/index.ts',
    "export { JSDOM } from 'jsdom';",
    EDGES,
  ],
  'a package that is not on the list in a domain lib': [
    'libs/definition/src/index.ts',
    "export { JSDOM } from 'jsdom';",
    EDGES,
  ],
  'Kafka in the application': ['libs/engine/src/index.ts', "export { Kafka } from 'kafkajs';", EDGES],
  'an app in another app': [
    'apps/cli/src/main.ts',
    "export { start } from '../../lifecycle-engine/src/service';",
    EDGES,
  ],
  'the development stack in a service': [
    'apps/collector/src/service.ts',
    "export { findStack } from '@perennial/dev-stack';",
    EDGES,
  ],
  'Kafka in the log port': ['libs/stream/src/index.ts', "export { createKafkaLog } from '@perennial/kafka';", EDGES],
  'the terminal in an adapter': [
    'libs/store/src/index.ts',
    "export { terminal } from '@perennial/command-line';",
    EDGES,
  ],
  'the development stack in the command line': [
    'apps/cli/src/main.ts',
    "export { findStack } from '@perennial/dev-stack';",
  ],
  'another lib by a relative path': [
    'libs/engine/src/index.ts',
    "export { TOPIC } from '../../contracts/src/topics';",
    EDGES,
  ],
  'the testing lib in a source': ['libs/store/src/index.ts', "export * from '@perennial/testing';", EDGES],
  'Node in a contract': ['libs/contracts/src/index.ts', "export { join } from 'node:path';", 'no-restricted-imports'],
  'Node in a domain lib': [
    'libs/definition/src/index.ts',
    "export { readFileSync } from 'node:fs';",
    'no-restricted-imports',
  ],
  'a clock in a domain lib': ['libs/lifecycle/src/index.ts', 'export const x = Date.now();', 'no-restricted-globals'],
  'a clock where time is virtual': [
    'libs/lifecycle-tests/src/index.ts',
    'export const x = Date.now();',
    'no-restricted-globals',
  ],
  'a timer in a domain lib': ['libs/definition/src/index.ts', 'setTimeout(String, 1);', 'no-restricted-globals'],
  'the process in a contract': [
    'libs/contracts/src/index.ts',
    'export const x = process.pid;',
    'no-restricted-globals',
  ],
  'chance in a domain lib': [
    'libs/lifecycle/src/index.ts',
    'export const x = Math.random();',
    'no-restricted-properties',
  ],
  'the environment outside config': [
    'apps/cli/src/main.ts',
    "export const x = process.env['X'];",
    'no-restricted-properties',
  ],
  'the environment in config': ['libs/config/src/index.ts', "export const x = process.env['X'];"],
  'adapter, application and domain in an app': [
    'apps/lifecycle-engine/src/service.ts',
    "export { Engine } from '@perennial/engine';\nexport { migrate } from '@perennial/store';\nexport { TOPIC } from '@perennial/contracts';",
  ],
  'the testing lib in a spec': ['libs/config/src/read-environment.spec.ts', "export * from '@perennial/testing';"],
};

/** In a process of its own, since ESLint and Nx cannot run inside Jest's sandbox; the result goes to file descriptor 3. */
const LINT = `
  const { ESLint } = require('eslint');
  const attempts = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
  (async () => {
    const eslint = new ESLint();
    const broken = {};
    for (const [name, [filePath, code]] of Object.entries(attempts)) {
      const [result] = await eslint.lintText(code + '\\n', { filePath });
      broken[name] = [...new Set(result.messages.map(({ ruleId, message }) => ruleId ?? message))];
    }
    require('node:fs').writeSync(3, JSON.stringify(broken));
  })();`;

describe('the lint', () => {
  let broken: Record<string, readonly string[]> = {};
  beforeAll(() => {
    execFileSync('node_modules/.bin/nx', ['show', 'projects'], { cwd: root });
    const { output } = spawnSync('node', ['-e', LINT], {
      cwd: root,
      input: JSON.stringify(attempts),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    const [, out, errors, result] = output;
    // Without a project graph Nx checks nothing, says so, and goes on.
    expect(`${out ?? ''}${errors ?? ''}`).not.toContain('rule will be skipped');
    broken = JSON.parse(result ?? '') as typeof broken;
  });

  it.each(Object.entries(attempts))('judges %s', (name, [, , ...rules]) => {
    expect(broken[name]).toEqual(rules);
  });
});

describe('the project graph', () => {
  it('has the edges that are known to exist: without them the lint would see nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'perennial-graph-'));
    const file = join(folder, 'graph.json');
    execFileSync('node_modules/.bin/nx', ['graph', `--file=${file}`], { cwd: root });
    const { graph } = JSON.parse(readFileSync(file, 'utf8')) as {
      graph: { dependencies: Record<string, readonly { readonly target: string }[]> };
    };
    rmSync(folder, { recursive: true });
    const targets = (project: string): string[] => (graph.dependencies[project] ?? []).map(({ target }) => target);
    expect(targets('engine')).toEqual(expect.arrayContaining(['contracts', 'lifecycle']));
    expect(targets('lifecycle-engine')).toEqual(expect.arrayContaining(['engine', 'store', 'stream', 'config']));
    expect(targets('cli')).toEqual(expect.arrayContaining(['config', 'definition']));
  });
});
