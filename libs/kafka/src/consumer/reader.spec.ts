import type { LogBatch } from '@perennial/contracts';
import { Reading } from './reading';

/** A read of two partitions to their ends at 5; the second one has nothing yet. */
function aReading() {
  const until = new Map([
    [0, 5],
    [1, 5],
  ]);
  const starts = new Map([...until.keys()].map((partition) => [partition, 0]));
  const reading = new Reading({ topic: 't', from: 'beginning', until, batch: () => undefined }, starts);
  const [flow] = reading.ready();
  if (flow === undefined) throw new RangeError('nothing is wanted');
  return { reading, flow };
}

const piece = (fromOffset: number, nextOffset: number): LogBatch => ({
  topic: 't',
  partition: 0,
  records: [],
  bytes: 0,
  fromOffset,
  nextOffset,
  highWatermark: 9,
});

describe('what comes behind the end of a read', () => {
  it('is not wanted, though another partition is still read: it is not unpacked, and may be unreadable', () => {
    const { reading, flow } = aReading();
    expect(reading.wants(flow, 0)).toBe('now');
    reading.deliver(flow, piece(0, 5));
    expect(reading.wants(flow, 5)).toBe('never');
    expect(reading.end.signal.aborted).toBe(false);
  });
});
