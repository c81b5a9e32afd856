import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHolder, takeLock } from './home-lock';
import { identify } from './process-identity';

describe('the lock of a stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-lock-'));
  const file = join(folder, 'lock');
  afterEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is held by one, and free again once released', () => {
    const first = takeLock(file);
    expect(takeLock(file)).toEqual({ kind: 'held', by: identify(process.pid) });
    if (first.kind === 'taken') first.release();
    expect(existsSync(file)).toBe(false);
    expect(takeLock(file).kind).toBe('taken');
  });

  it.each([
    ['a process that has ended', JSON.stringify({ pid: 2 ** 22 - 1, started: '1' })],
    ['a pid that another process has now', JSON.stringify({ pid: process.pid, started: '1' })],
    ['a file cut short', '{"pid":'],
  ])('is taken from %s (invariant 2)', (_, content) => {
    writeFileSync(file, content);
    expect(lockHolder(file)).toBeNull();
    expect(takeLock(file).kind).toBe('taken');
    expect(lockHolder(file)).toEqual(identify(process.pid));
  });

  it('leaves nothing else behind', () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: '1' }));
    takeLock(file);
    takeLock(file);
    expect(readdirSync(folder)).toEqual(['lock']);
  });
});
