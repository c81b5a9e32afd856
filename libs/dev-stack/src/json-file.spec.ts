import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { keyFrom, readJsonFile, writeJsonFile } from './stack-files';

describe('files of a stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-files-'));
  const file = join(folder, 'state.json');
  const schema = z.object({ port: z.number() });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are read back as written, by their owner only', () => {
    writeJsonFile(file, { port: 1 });
    expect(readJsonFile(file, schema)).toEqual({ port: 1 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it('of another version, or cut short, count as absent', () => {
    for (const text of ['{"port":"one"}', '{"por']) {
      writeFileSync(file, text);
      expect(readJsonFile(file, schema)).toBeNull();
    }
    expect(readJsonFile(join(folder, 'absent'), schema)).toBeNull();
  });

  it('a key is random, made once, for its owner only', () => {
    const key = keyFrom(join(folder, 'keys', 'a'));
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keyFrom(join(folder, 'keys', 'a'))).toBe(key);
    expect(keyFrom(join(folder, 'keys', 'b'))).not.toBe(key);
    expect(statSync(join(folder, 'keys', 'a')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700);
  });
});
