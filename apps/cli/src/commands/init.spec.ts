import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitionFileOf, TEMPLATES } from '../definition/templates';
import { runProgram } from '../testing/run-program';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-init-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('perennial init', () => {
  it.each(TEMPLATES)(
    'makes a folder with a definition that is valid, its tests and a README: $name',
    async ({ name, subject, example }) => {
      const shop = join(folder, 'deep', 'shop');
      const { out, said, code } = await runProgram('init', shop, '--template', name);
      expect([code, out.split('\n').map((line) => line.split('  ')[0])]).toEqual([
        0,
        [join(shop, 'definition.yaml'), join(shop, 'tests', `${name}.lifecycle.yaml`), join(shop, 'README.md'), ''],
      ]);
      expect(said).toContain(`perennial definition validate ${join(shop, 'definition.yaml')}`);
      expect((await runProgram('definition', 'validate', join(shop, 'definition.yaml'))).code).toBe(0);
      expect((await runProgram('test', join(shop, 'tests'))).code).toBe(0);
      expect(readFileSync(join(shop, 'tests', `${name}.lifecycle.yaml`), 'utf8')).toMatch(
        /^definition: \.\.\/definition\.yaml$/m,
      );
      const readme = readFileSync(join(shop, 'README.md'), 'utf8');
      expect(readme).toContain(`npx perennial send ID ${example.activity}`);
      expect(readme.includes('account')).toBe(subject === 'account');
      expect(readFileSync(definitionFileOf({ name }), 'utf8')).toMatch(new RegExp(`^subject: ${subject}\\b`, 'm'));
      expect(readme).toContain(`definition publish ${join(shop, 'definition.yaml')} --reason`);
    },
  );

  it('takes an empty folder, and says for machines what it wrote', async () => {
    const { out, code } = await runProgram('init', folder, '--template', 'retail', '--json');
    expect(code).toBe(0);
    const { files } = JSON.parse(out) as { files: string[] };
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(readFileSync(files[0] ?? '')).toEqual(readFileSync(definitionFileOf({ name: 'retail' })));
  });

  it('overwrites nothing: a folder with something in it is refused, and stays as it is', async () => {
    writeFileSync(join(folder, '.mine'), 'x');
    const { said, code } = await runProgram('init', folder, '--template', 'retail');
    expect([code, readdirSync(folder)]).toEqual([2, ['.mine']]);
    expect(said).toContain('has something in it (.mine), and nothing is overwritten');
  });

  it('refuses a file where the folder should be', async () => {
    writeFileSync(join(folder, 'shop'), 'x');
    const { said, code } = await runProgram('init', join(folder, 'shop'), '--template', 'retail');
    expect([code, said]).toEqual([
      2,
      expect.stringContaining('cannot be made a folder: a part of its path is no folder'),
    ]);
  });

  it('leaves nothing when a file of it cannot be written: its name is longer than the system takes', async () => {
    const deep = join(folder, Array.from({ length: 40 }, () => 'x'.repeat(99)).join('/'));
    const room = 4_095 - '/definition.yaml'.length;
    const { said, code } = await runProgram('init', deep.padEnd(room, 'x'), '--template', 'retail');
    expect([code, readdirSync(folder)]).toEqual([2, []]);
    expect(said).toContain('cannot be made a folder: ');
  });

  it('says so when the folder would stand in a file', async () => {
    writeFileSync(join(folder, 'file'), 'x');
    const { said, code } = await runProgram('init', join(folder, 'file', 'shop'), '--template', 'retail');
    expect([code, said]).toEqual([2, expect.stringContaining('cannot be made a folder: ')]);
  });

  it.each([
    [['--template', 'retial'], 'There is no template "retial"'],
    [[], 'Say what to start from'],
  ] as const)('names the templates: %j', async (args, message) => {
    const { said, code } = await runProgram('init', join(folder, 'shop'), ...args);
    expect([code, said]).toEqual([2, expect.stringContaining(message)]);
    expect(said).toContain('--template with one of retail');
    expect(existsSync(join(folder, 'shop'))).toBe(false);
  });
});

describe('perennial definition templates', () => {
  it('lists them with what each is for', async () => {
    const { out } = await runProgram('definition', 'templates');
    const width = Math.max(...TEMPLATES.map(({ name }) => name.length));
    expect(out).toBe(TEMPLATES.map(({ name, about }) => `${name.padEnd(width)}  ${about}\n`).join(''));
    const { templates } = JSON.parse((await runProgram('definition', 'templates', '--json')).out) as {
      templates: { file: string }[];
    };
    expect(templates.every(({ file }) => existsSync(file))).toBe(true);
  });
});
