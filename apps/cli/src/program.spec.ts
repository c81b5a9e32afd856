import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureOf } from '@perennial/command-line';
import { repository, version } from '@perennial/dev-stack';
import { createProgram } from './program';

/** Runs the command line as main.ts does; returns what it wrote and its exit code. */
async function run(...args: string[]) {
  const written = { out: [] as string[], say: [] as string[] };
  const screen = {
    out: (...lines: readonly string[]) => void written.out.push(...lines),
    json: (line: string) => void written.out.push(line),
    text: (text: string) => void written.out.push(text),
    say: (...lines: readonly string[]) => void written.say.push(...lines),
  };
  const program = createProgram(screen);
  const commands = [program, ...program.commands.flatMap((command) => [command, ...command.commands])];
  for (const command of commands) command.configureOutput({ writeOut: screen.out, writeErr: screen.say });
  try {
    await program.parseAsync(['node', 'perennial', ...args]);
    return { ...written, code: 0 };
  } catch (error) {
    return { ...written, code: failureOf(error, false).code };
  }
}

describe('perennial', () => {
  it('shows commands, examples and exit codes on --help', async () => {
    const { out, code } = await run('--help');
    expect(code).toBe(0);
    for (const text of ['Usage: perennial', 'definition', 'up [options]', 'Examples:', '78  wrong configuration']) {
      expect(out.join('')).toContain(text);
    }
  });

  it('tells its version', async () => {
    expect((await run('--version')).out.join('').trim()).toBe(version());
  });

  it.each([['nonsense'], ['up --nonsense'], ['definition validate'], ['definition']])(
    'answers "%s" with exit code 2',
    async (line) => {
      const { code, say } = await run(...line.split(' '));
      expect(code).toBe(2);
      expect(say.join('')).toMatch(/error:|Usage:/);
    },
  );
});

describe('perennial definition validate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-definition-'));
  const broken = join(folder, 'broken.yaml');
  const retail = join(repository, 'libs/definition/templates/retail.yaml');
  beforeAll(() => {
    writeFileSync(broken, 'kind: Lifecycle\nname: shop\nversion: zero\n');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('takes a valid definition', async () => {
    const { out, code } = await run('definition', 'validate', retail);
    expect([code, out]).toEqual([0, [`${retail}: valid (retail version 1)`]]);
  });

  it('tells problems of a broken one as file:line:column on stderr and ends with 2', async () => {
    const { out, say, code } = await run('definition', 'validate', broken);
    expect([code, out]).toEqual([2, []]);
    expect(say).toContainEqual(expect.stringMatching(new RegExp(`^${broken}:3:10: error DEFINITION\\.`)));
  });

  it('prints one line of JSON on request', async () => {
    const { out, code } = await run('definition', 'validate', '--json', broken);
    expect(code).toBe(2);
    expect(JSON.parse(out.join(''))).toMatchObject({
      file: broken,
      valid: false,
      problems: expect.arrayContaining([expect.objectContaining({ line: 3, column: 10 })]) as unknown,
    });
  });

  it('says when the file cannot be read', async () => {
    expect((await run('definition', 'validate', join(folder, 'absent.yaml'))).code).toBe(2);
  });
});
