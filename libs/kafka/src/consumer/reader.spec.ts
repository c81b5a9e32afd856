import type { LogBatch } from '@perennial/contracts';
import { Reading } from './reader';

/** A read of two partitions to their ends at 5; the second one has nothing yet. */
function aReading() {
  const until = new Map([
    [0, 5],
    [1, 5],
  ]);
  const starts = new Map([...until.keys()].map((partition) => [partition, 0]));
  const reading = new Reading({ topic: 't', from: 'beginning', until, batch: () => undefined }, starts);
  const [assigned] = reading.ready();
  if (assigned === undefined) throw new RangeError('nothing is wanted');
  return { reading, assigned };
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
    const { reading, assigned } = aReading();
    expect(reading.wants(assigned, 0)).toBe('now');
    reading.deliver(assigned, piece(0, 5));
    expect(reading.wants(assigned, 5)).toBe('never');
    expect(reading.end.signal.aborted).toBe(false);
  });
});
