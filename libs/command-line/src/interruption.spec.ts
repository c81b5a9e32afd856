import { onInterrupt } from './interruption';

describe('an interruption', () => {
  it('asks at the first signal, and hands the signals back when released', () => {
    const before = process.listenerCount('SIGTERM');
    const { signal, release } = onInterrupt(() => Promise.resolve());
    process.emit('SIGTERM');
    expect(signal.aborted).toBe(true);
    release();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  it('takes a second signal within the same second for the same key: npm passes Ctrl-C on once more', () => {
    let forced = 0;
    const { release } = onInterrupt(async () => {
      forced += 1;
      await Promise.resolve();
    });
    process.emit('SIGINT');
    process.emit('SIGINT');
    expect(forced).toBe(0);
    release();
  });
});
