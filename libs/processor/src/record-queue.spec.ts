import type { LogRecord } from '@perennial/contracts';
import { aBatch } from '@perennial/testing';
import { RecordQueue } from './record-queue';

const record = (offset: number): LogRecord => ({ offset, timestamp: 0, key: null, value: null, headers: [] });

function aQueue(start = 0, highWater = { records: 100, bytes: 1_000 }) {
  const asked: string[] = [];
  const queue = new RecordQueue(0, start, highWater, {
    pause: () => asked.push('pause'),
    resume: () => asked.push('resume'),
    seek: () => undefined,
    halt: () => undefined,
  });
  return { queue, asked };
}

const offsets = (records: readonly LogRecord[]): number[] => records.map(({ offset }) => offset);

describe('records that wait', () => {
  it('are done with where their delivery ends, also behind the last record (invariant 2)', () => {
    const { queue } = aQueue(3);
    queue.offer(aBatch(0, [record(3), record(5)], { nextOffset: 8 }));
    expect(queue.take(1)).toMatchObject({ nextOffset: 4 });
    const { records, nextOffset } = queue.take(1);
    expect([offsets(records), nextOffset]).toEqual([[5], 8]);
  });

  it('may be none: then only the end moves, and it is worth taking (invariant 2)', async () => {
    const { queue } = aQueue(3);
    queue.offer(aBatch(0, [], { fromOffset: 3, nextOffset: 4 }));
    expect(await queue.ready()).toBe(true);
    expect(queue.length).toBe(0);
    expect(queue.take(10)).toEqual({ records: [], nextOffset: 4 });
    queue.offer(aBatch(0, [], { fromOffset: 4, nextOffset: 6 }));
    queue.offer(aBatch(0, [record(7)], { fromOffset: 6 }));
    expect(queue.take(10)).toEqual({ records: [record(7)], nextOffset: 8 });
  });

  it('are passed over when they were delivered before (invariant 1)', () => {
    const { queue } = aQueue(2);
    queue.offer(aBatch(0, [record(0), record(1), record(2)]));
    queue.offer(aBatch(0, [record(1), record(2)]));
    expect(offsets(queue.take(10).records)).toEqual([2]);
  });

  it('are refused when those before them never came (invariant 1)', () => {
    const { queue } = aQueue(2);
    queue.offer(aBatch(0, [record(2)]));
    expect(() => {
      queue.offer(aBatch(0, [record(4)]));
    }).toThrow(/from offset 4 on where 3 was next/);
  });

  it('pause the flow at the high water and resume it at half (invariant 3)', () => {
    const { queue, asked } = aQueue(0, { records: 4, bytes: 1_000 });
    queue.offer(aBatch(0, [0, 1, 2, 3].map(record)));
    expect(asked).toEqual(['pause']);
    queue.take(1);
    expect(asked).toEqual(['pause']);
    queue.take(1);
    expect(asked).toEqual(['pause', 'resume']);
  });

  it('are thrown away when it is closed, and the flow is left as it is', () => {
    const { queue, asked } = aQueue(0, { records: 4, bytes: 1_000_000 });
    queue.offer(aBatch(0, [0, 1, 2, 3].map(record)));
    queue.close();
    queue.offer(aBatch(0, [record(4)]));
    expect([queue.take(9).records, queue.length, asked]).toEqual([[], 0, ['pause']]);
  });

  it('pause the flow for their bytes too, which count until the last record of a delivery is taken (invariant 3)', () => {
    const { queue, asked } = aQueue(0, { records: 100, bytes: 1_000 });
    queue.offer({ ...aBatch(0, [0, 1].map(record)), bytes: 600 });
    queue.offer({ ...aBatch(0, [2, 3].map(record)), bytes: 500 });
    expect(asked).toEqual(['pause']);
    queue.take(1);
    expect(asked).toEqual(['pause']);
    queue.take(1);
    expect(asked).toEqual(['pause', 'resume']);
  });
});
