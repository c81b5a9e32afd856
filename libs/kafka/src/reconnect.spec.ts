import type { LinkStatus } from '@perennial/stream';
import { ConnectionStatus, reconnectLoop, sleep } from './reconnect';

function linkAndStatuses(): [ConnectionStatus, LinkStatus[]] {
  const statuses: LinkStatus[] = [];
  const silent = () => undefined;
  const observer = { link: (status: LinkStatus) => void statuses.push(status), gap: silent, assigned: silent };
  return [new ConnectionStatus('test', { observer, logger: { debug: silent, info: silent, warn: silent } }), statuses];
}

describe('Trying again', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('goes on until an attempt ends by itself, and tells each change of state once', async () => {
    const [link, statuses] = linkAndStatuses();
    let attempts = 0;
    const done = reconnectLoop(link, new AbortController().signal, (connected) => {
      attempts += 1;
      if (attempts < 4) return Promise.reject(new Error(attempts < 3 ? 'refused' : 'lost'));
      connected();
      connected();
      return Promise.resolve();
    });
    await jest.advanceTimersByTimeAsync(10_000);
    await done;
    expect(statuses).toEqual([
      { link: 'test', state: 'waiting', reason: 'refused' },
      { link: 'test', state: 'waiting', reason: 'lost' },
      { link: 'test', state: 'connected', reason: null },
    ]);
  });

  it('pauses twice as long after each failure, five seconds at most', async () => {
    const [link] = linkAndStatuses();
    const stop = new AbortController();
    const started = Date.now();
    const times: number[] = [];
    const done = reconnectLoop(link, stop.signal, () => {
      times.push(Date.now() - started);
      return Promise.reject(new Error('refused'));
    });
    await jest.advanceTimersByTimeAsync(30_000);
    stop.abort();
    await done;
    expect(times).toEqual([0, 100, 300, 700, 1500, 3100, 6300, 11300, 16300, 21300, 26300]);
  });

  it('ends within a pause when it is told to', async () => {
    const [link] = linkAndStatuses();
    const stop = new AbortController();
    const done = reconnectLoop(link, stop.signal, () => Promise.reject(new Error('refused')));
    await jest.advanceTimersByTimeAsync(1);
    stop.abort();
    await done;
    expect(jest.getTimerCount()).toBe(0);
    await sleep(1000, stop.signal);
  });
});
