import { InvariantViolation, RetryableError } from '@perennial/values';
import { retry } from './retry';

const away = new RetryableError('STORE.UNREACHABLE', 'away');
const soon = { random: () => 0, firstWaitMs: 0 };

/** Fails as listed, then answers with the number of calls. */
function failing(...errors: Error[]): () => Promise<number> {
  let calls = 0;
  return () => {
    calls += 1;
    const error = errors.shift();
    return error === undefined ? Promise.resolve(calls) : Promise.reject(error);
  };
}

describe('retry', () => {
  it('runs again what may pass', async () => {
    expect(await retry(failing(away, away), soon)).toBe(3);
  });

  it('gives up after the last attempt with the last error', async () => {
    const last = new RetryableError('STORE.EXHAUSTED', 'still away');
    await expect(retry(failing(away, last, away), { ...soon, attempts: 2 })).rejects.toBe(last);
  });

  it('does not run again what cannot pass', async () => {
    const broken = new InvariantViolation('STORE.REFUSED', 'broken');
    await expect(retry(failing(broken), soon)).rejects.toBe(broken);
  });

  it('asks for jitter once per wait', async () => {
    let asked = 0;
    const random = () => (asked++, 0.5);
    await retry(failing(away, away), { random, firstWaitMs: 0 });
    expect(asked).toBe(2);
  });
});
