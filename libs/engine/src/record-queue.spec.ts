import type { LogRecord } from '@perennial/contracts';
import { RecordQueue } from './record-queue';

const recordsFrom = (offset: number, count: number): readonly LogRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    offset: offset + index,
    timestamp: 0,
    key: null,
    value: null,
    headers: {},
  }));

function aQueue(highWater: number) {
  const flow: string[] = [];
  const note = (what: string) => () => {
    flow.push(what);
  };
  const control = { pause: note('pause'), resume: note('resume'), seek: note('seek'), halt: note('halt') };
  return { queue: new RecordQueue(0, 0, highWater, control), flow };
}

describe('a queue', () => {
  it('pauses the flow at the high water and resumes it at half', () => {
    const { queue, flow } = aQueue(4);
    queue.offer(recordsFrom(0, 4));
    expect([queue.take(1).length, [...flow]]).toEqual([1, ['pause']]);
    expect([queue.take(1).length, flow]).toEqual([1, ['pause', 'resume']]);
  });

  it('that was closed throws away what waits, and leaves the flow as it is', () => {
    const { queue, flow } = aQueue(4);
    queue.offer(recordsFrom(0, 4));
    queue.close();
    queue.offer(recordsFrom(4, 1));
    expect([queue.take(9), queue.length, flow]).toEqual([[], 0, ['pause']]);
  });
});
