import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance, mutatedDefinition } from '@perennial/testing';
import { createTerminal, failureOf } from '@perennial/command-line';
import { repository } from '@perennial/dev-stack';
import { definitionCommand } from './definition';

/** The share of test/long/fuzz-definitions.js that runs each time: the same seed, so the same first definitions. */
const SEED = 1;
const MUTATED = 300;
const PATIENCE_MS = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'perennial-mutated-'));
const text = (path: string): string => readFileSync(join(repository, path), 'utf8');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The exit code with which the program would end. */
async function validate(file: string, said: string[] = []): Promise<number> {
  const write = (text: string): void => void said.push(text);
  const terminal = createTerminal(write, write);
  try {
    await definitionCommand(terminal).exitOverride().parseAsync(['node', 'definition', 'validate', file]);
    return 0;
  } catch (error) {
    return failureOf(error, false).code;
  }
}

describe('definition validate', () => {
  it(
    `ends with 0 or 2 for ${MUTATED} mutated definitions`,
    async () => {
      const chance = new Chance(SEED, 'definitions');
      const sources = [text('libs/definition/templates/retail.yaml'), text('bench/peer.yaml')] as const;
      const codes = new Map<number, number>();
      for (let index = 0; index < MUTATED; index++) {
        const file = join(folder, `${index}.yaml`);
        writeFileSync(file, mutatedDefinition(chance, sources));
        const code = await validate(file);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      expect([...codes.keys()].filter((code) => code !== 0 && code !== 2)).toEqual([]);
      expect(codes.get(0)).toBeGreaterThan(10);
    },
    PATIENCE_MS,
  );

  it.each([
    ['nowhere.yaml', 'there is no such file'],
    ['', 'it is a folder'],
  ])('says in words why a file cannot be read: %p', async (name, why) => {
    const error = await definitionCommand(
      createTerminal(
        () => undefined,
        () => undefined,
      ),
    )
      .exitOverride()
      .parseAsync(['node', 'definition', 'validate', join(folder, name)])
      .catch((failure: unknown) => failure);
    expect(failureOf(error, false)).toMatchObject({ code: 2, text: expect.stringContaining(why) as string });
  });

  it('reads no more of an endless file than the bound', async () => {
    const said: string[] = [];
    expect(await validate('/dev/zero', said)).toBe(2);
    expect(said.join('')).toMatch(/DEFINITION.TOO_LARGE .*262144 bytes/);
  });
});
