import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createTerminal } from '@perennial/command-line';
import { repository, waitFor } from '@perennial/dev-stack';
import { createProgram } from '../program';
import { runProgram } from '../testing/run-program';

const DEFINITION = `kind: Lifecycle
name: shop
version: 1
activity: [{ event: Order, role: purchase }]
signals: { quiet: { absent: purchase, for: P10D } }
stages: { initial: here, states: { here: { on: { quiet: gone } }, gone: } }
`;
const testsOf = (stage: string, definition = '../definition.yaml'): string => `kind: LifecycleTests
definition: ${definition}
tests:
  - name: ten days are noticed
    steps:
      - activity: Order
      - at: P10D
        expect: { stage: ${stage} }
`;

let folder: string;
let home: string;
beforeEach(() => {
  home = process.cwd();
  folder = mkdtempSync(join(tmpdir(), 'perennial-test-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

describe('perennial test', () => {
  it('runs every test file below the folder, and ends with 0', async () => {
    write({
      'definition.yaml': DEFINITION,
      'tests/a.lifecycle.yaml': testsOf('gone'),
      'tests/deep/b.lifecycle.yaml': testsOf('gone', '../../definition.yaml'),
      'node_modules/x/c.lifecycle.yaml': 'not read',
      '.hidden/d.lifecycle.yaml': 'not read',
    });
    const { out, said, code } = await runProgram('test');
    expect([code, said]).toEqual([0, '']);
    expect(out).toContain('ok    tests/a.lifecycle.yaml (shop version 1): 1 test\nok    tests/deep/b.lifecycle.yaml');
    expect(out).toMatch(/2 of 2 tests passed \(\d\.\d\d s\)\n$/);
  });

  it('ends with 1 when a test failed, and says where and what happened', async () => {
    write({ 'definition.yaml': DEFINITION, 'tests/a.lifecycle.yaml': testsOf('here') });
    const { out, code } = await runProgram('test', 'tests/a.lifecycle.yaml');
    expect(code).toBe(1);
    expect(out).toContain(
      '✗ ten days are noticed\n    tests/a.lifecycle.yaml:8:26: stage (- expected, + so it was)\n      - here\n      + gone\n',
    );
  });

  it('ends with 2 when a file is wrong, runs the others, and says what is wrong on stderr as file:line:column', async () => {
    write({
      'definition.yaml': DEFINITION,
      'broken.yaml': 'kind: Lifecycle\nname: shop\nversion: zero\n',
      'tests/a.lifecycle.yaml': testsOf('goen'),
      'tests/b.lifecycle.yaml': testsOf('here'),
      'tests/c.lifecycle.yaml': testsOf('gone', '../absent.yaml'),
      'tests/d.lifecycle.yaml': testsOf('gone', '../broken.yaml'),
      'tests/e.lifecycle.yaml': testsOf('gone', '../broken.yaml'),
    });
    const { out, said, code } = await runProgram('test', 'tests');
    expect(code).toBe(2);
    expect(said).toContain(
      'tests/a.lifecycle.yaml:8:26: error TESTS.UNKNOWN_STATE shop version 1 has no state "goen"; it has here, gone. Did you mean "gone"?\n',
    );
    expect(said).toMatch(
      /tests\/c\.lifecycle\.yaml:2:13: error TESTS\.DEFINITION The definition absent\.yaml cannot be read: there is no such file.* template: retail/,
    );
    expect(said.match(/broken\.yaml:3:10: error DEFINITION\./g)).toHaveLength(1);
    expect(out).toMatch(/FAIL {2}tests\/b.*\nWRONG tests\/c/);
    expect(out).toMatch(/0 of 1 test passed, 1 failed, 4 files could not be run/);
  });

  it('prints one line of JSON on request', async () => {
    write({
      'definition.yaml': DEFINITION,
      'a.lifecycle.yaml': testsOf('here', 'definition.yaml'),
      'b.lifecycle.yaml': 'x: 1\n',
    });
    const { out, code } = await runProgram('test', '--json');
    expect([code, out.trim().split('\n').length]).toEqual([2, 1]);
    expect(JSON.parse(out)).toMatchObject({
      tests: 1,
      passed: 0,
      failed: 1,
      wrongFiles: 1,
      files: [
        {
          file: 'a.lifecycle.yaml',
          definition: { file: 'definition.yaml', name: 'shop', version: 1 },
          problems: [],
          tests: [
            {
              name: 'ten days are noticed',
              line: 4,
              passed: false,
              mismatches: [{ line: 8, column: 26, subject: 'stage' }],
            },
          ],
        },
        {
          file: 'b.lifecycle.yaml',
          problems: expect.arrayContaining([expect.objectContaining({ line: 1, column: 1 })]) as unknown,
          tests: [],
        },
      ],
      coverage: [{ definition: { name: 'shop', version: 1 }, states: { covered: ['here', 'gone'] } }],
    });
  });

  it('writes JUnit XML, also when a file is wrong', async () => {
    write({
      'definition.yaml': DEFINITION,
      'a.lifecycle.yaml': testsOf('gone', 'definition.yaml'),
      'b.lifecycle.yaml': 'x: 1\n',
    });
    expect((await runProgram('test', '--junit', 'out.xml')).code).toBe(2);
    expect(readFileSync('out.xml', 'utf8')).toMatch(/<testsuites name="perennial" tests="2" failures="0" errors="1"/);
    const { said, code } = await runProgram('test', '--junit', 'no/such/folder.xml');
    expect([code, said]).toEqual([2, expect.stringContaining('cannot be written')]);
  });

  it.each([
    [[], /There is no \*\.lifecycle\.yaml in this folder or below.*perennial init/],
    [['absent'], /absent cannot be read: there is no such file or folder/],
  ])('says when there is nothing to run: %j', async (args, message) => {
    const { said, code } = await runProgram('test', ...args);
    expect([code, said]).toEqual([2, expect.stringMatching(message)]);
  });

  it('takes the name of a template for the definition', async () => {
    write({
      'a.lifecycle.yaml': testsOf('onboarding', 'retail').replace('activity: Order', 'activity: { type: page }'),
    });
    const { out, code } = await runProgram('test');
    expect([code, out]).toEqual([0, expect.stringContaining('retail version 1')]);
  });
});

describe('perennial test --watch', () => {
  it('runs again when a test or its definition changes, until Ctrl-C', async () => {
    write({ 'definition.yaml': DEFINITION, 'tests/a.lifecycle.yaml': testsOf('gone') });
    let out = '';
    let waits = 0;
    const terminal = createTerminal(
      (text) => (out += text),
      (text) => (waits += text.includes('Waiting for a change') ? 1 : 0),
    );
    const ran = createProgram(terminal).parseAsync(['node', 'perennial', 'test', 'tests', '--watch']);
    const run = async (count: number): Promise<string> => {
      await waitFor(`run ${count}`, () => (waits >= count ? true : null), { timeoutMs: 20_000 });
      const text = out;
      out = '';
      return text;
    };
    expect(await run(1)).toContain('1 of 1 test passed');
    write({ 'tests/a.lifecycle.yaml': testsOf('here') });
    expect(await run(2)).toContain('1 failed');
    write({ 'definition.yaml': DEFINITION.replace('P10D', 'P11D') });
    expect(await run(3)).toContain('1 of 1 test passed');
    write({ 'definition.yaml': 'kind: Lifecycle\n' });
    expect(await run(4)).toContain('WRONG tests/a.lifecycle.yaml');
    write({ 'definition.yaml': DEFINITION, 'tests/b.lifecycle.yaml': testsOf('gone') });
    expect(await run(5)).toContain('1 of 2 tests passed');
    process.emit('SIGINT');
    await ran;
  });
});

describe('docs/lifecycle-tests.md', () => {
  const text = readFileSync(join(repository, 'docs/lifecycle-tests.md'), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, body = '']) => ({ language, body }));
  const files = blocks.flatMap(({ language, body }) => {
    const [, path] = /^# (\S+)\n/.exec(body) ?? [];
    return language === 'yaml' && path !== undefined ? [[path, body.slice(body.indexOf('\n') + 1)] as const] : [];
  });
  const outputs = blocks
    .filter(({ body }) => body.startsWith('$ perennial '))
    .map(({ body }) => {
      const [command = '', ...lines] = body.split('\n');
      return { args: command.slice('$ perennial '.length).split(' '), lines: lines.filter((line) => line !== '') };
    });

  it('shows files that run, and what they print', async () => {
    write(Object.fromEntries(files));
    const [passes, fails] = outputs;
    const passed = await runProgram(...(passes?.args ?? []));
    expect(passed.code).toBe(0);
    expect(
      passed.out
        .replace(/ \(\d+\.\d\d s\)/, '')
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual(passes?.lines);
    write({ 'shop/definition.yaml': readFileSync('shop/definition.yaml', 'utf8').replace('for: P60D', 'for: P45D') });
    const failed = await runProgram(...(fails?.args ?? []));
    expect(failed.code).toBe(1);
    expect(
      failed.out
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, fails?.lines.length),
    ).toEqual(fails?.lines);
  });

  it('shows the message of a misspelt name', async () => {
    write(Object.fromEntries(files));
    const tests = readFileSync('shop/tests/shop.lifecycle.yaml', 'utf8').replace('stage: visitor', 'stage: visiter');
    write({ 'shop/tests/shop.lifecycle.yaml': tests });
    const { said, code } = await runProgram('test', 'shop/tests');
    expect(code).toBe(2);
    expect(text).toContain(`    ${said.trim()}`);
  });
});
