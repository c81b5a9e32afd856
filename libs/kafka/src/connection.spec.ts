import RequestQueue from 'kafkajs/src/network/requestQueue';
import { quietIdleConnections } from './connection';

const silent = () => undefined;

function queueOf(maxInFlightRequests: number | null): RequestQueue {
  return new RequestQueue({
    maxInFlightRequests,
    requestTimeout: 1000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: 'test:9092',
    logger: { debug: silent, warn: silent },
  });
}

describe('A connection of kafkajs', () => {
  beforeAll(() => {
    jest.useFakeTimers();
    quietIdleConnections();
    quietIdleConnections();
  });
  afterAll(() => {
    jest.useRealTimers();
  });

  it('does not wake up while nothing waits to be sent', () => {
    const queue = queueOf(null);
    queue.checkPendingRequests();
    queue.scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('still looks after requests that wait, until none does', () => {
    const queue = queueOf(0);
    queue.pending.push({});
    queue.checkPendingRequests();
    expect(jest.getTimerCount()).toBe(1);
    queue.pending.pop();
    jest.runOnlyPendingTimers();
    expect(jest.getTimerCount()).toBe(0);
  });
});
