import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RetryableError } from '@perennial/values';
import type { LogReader } from '@perennial/stream';
import { stackHome, takeLock } from '@perennial/dev-stack';
import type { Connection } from '../connection';
import { follow } from './follow-facts';

const home = stackHome({ home: mkdtempSync(join(tmpdir(), 'perennial-follow-')), cache: null });
afterAll(() => {
  rmSync(home.folder, { recursive: true });
});

/** A stack that this process runs. */
function up(): () => void {
  const lock = takeLock(home.lock);
  writeFileSync(home.state, '{}');
  return () => {
    rmSync(home.state);
    if (lock.kind === 'taken') lock.release();
  };
}

const untilAborted: LogReader['read'] = ({ signal }) =>
  new Promise((resolve) => {
    signal?.addEventListener('abort', () => {
      resolve();
    });
  });

function following(read: LogReader['read'], interrupted = new AbortController().signal) {
  const connection = { log: { reader: () => ({ read }) }, home } as unknown as Connection;
  return follow(connection, { topics: ['a'], from: 'end', interrupted, batch: () => undefined });
}

describe('following a log', () => {
  it('ends when it is interrupted', async () => {
    const down = up();
    expect(await following(untilAborted, AbortSignal.timeout(5))).toBe('interrupted');
    down();
  });

  it('ends with its stack, though brokers that are away would be waited for', async () => {
    const down = up();
    const end = following(untilAborted);
    down();
    expect(await end).toBe('ended');
  });

  it('ends with its stack when the log is gone first', async () => {
    const down = up();
    const end = following(() => {
      down();
      return Promise.reject(new RetryableError('STREAM.LOG_AWAY', 'no log answers'));
    });
    expect(await end).toBe('ended');
  });

  it('tells a stack that was killed from one that ended', async () => {
    const down = up();
    writeFileSync(home.lock, JSON.stringify({ pid: 1, started: 'long ago' }));
    expect(await following(untilAborted)).toBe('killed');
    down();
  });

  it('fails when the log fails and the stack runs', async () => {
    const down = up();
    const failed = new RetryableError('STREAM.LOG_AWAY', 'no log answers');
    await expect(following(() => Promise.reject(failed))).rejects.toBe(failed);
    down();
  });
});
