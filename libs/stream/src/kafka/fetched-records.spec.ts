import { readable, type FetchedBatch, type FetchedPartition } from './fetched-records';

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

interface Changes {
  readonly producer?: number;
  /** Last offset of the batch. */
  readonly end?: number;
  readonly isControl?: boolean;
  readonly key?: Buffer;
}

/** A batch of one record. */
function message(offset: number, { producer, end = offset, isControl = false, key }: Changes = {}): FetchedBatch {
  return {
    firstOffset: offset,
    lastOffset: end,
    producerId: producer ?? -1,
    inTransaction: producer !== undefined,
    isControl,
    records: [{ offset, timestamp: 1000 + offset, key: key ?? null, value: Buffer.from(`v${offset}`), headers: [] }],
  };
}

function fetched(batches: FetchedBatch[], aborted: [producer: number, first: number][] = []): FetchedPartition {
  return {
    partition: 0,
    highWatermark: 100,
    lastStableOffset: 100,
    abortedTransactions: aborted.map(([producerId, firstOffset]) => ({ producerId, firstOffset })),
    batches,
  };
}

function offsets(partition: FetchedPartition, at: number): number[] | undefined {
  const read = readable(partition, at);
  return read === null ? undefined : [...read.records].map(({ offset }) => offset);
}

describe('What a fetch brought', () => {
  it('is nothing when the answer is empty', () => {
    expect(readable(fetched([]), 3)).toBeNull();
  });

  it('begins at the offset asked for, though a batch may begin before it', () => {
    const partition = fetched([message(3), message(4), message(5)]);
    expect(readable(partition, 4)).toMatchObject({ found: 4, next: 6 });
    expect(offsets(partition, 4)).toEqual([4, 5]);
  });

  it('tells a gap that compaction left, and goes on after it', () => {
    expect(readable(fetched([message(8), message(9)]), 4)).toMatchObject({ found: 8, next: 10 });
  });

  it('goes on after a batch whose last records were compacted away', () => {
    expect(readable(fetched([message(2, { end: 9 })]), 5)).toMatchObject({
      records: { length: 0 },
      found: 10,
      next: 10,
    });
  });

  it('leaves out records of aborted transactions, and nothing else', () => {
    const partition = fetched(
      [
        message(0, { producer: 1 }),
        message(1, { producer: 2 }),
        message(2),
        message(3, { producer: 1, isControl: true, key: ABORT }),
        message(4, { producer: 1 }),
        message(5, { producer: 1, isControl: true, key: COMMIT }),
        message(6, { producer: 2, isControl: true, key: COMMIT }),
      ],
      [[1, 0]],
    );
    expect(offsets(partition, 0)).toEqual([1, 2, 4]);
    expect(readable(partition, 0)?.next).toBe(7);
  });

  it('knows several aborted transactions, also of one producer, and in any order', () => {
    const partition = fetched(
      [
        message(0, { producer: 1 }),
        message(1, { producer: 2 }),
        message(2, { producer: 1, isControl: true, key: ABORT }),
        message(3, { producer: 2, isControl: true, key: ABORT }),
        message(4, { producer: 1 }),
        message(5, { producer: 1, isControl: true, key: ABORT }),
        message(6, { producer: 2 }),
      ],
      [
        [1, 4],
        [2, 1],
        [1, 0],
      ],
    );
    expect(offsets(partition, 0)).toEqual([6]);
  });

  it('does not take a record for a marker because of its key', () => {
    const partition = fetched(
      [message(0, { producer: 1 }), message(1, { producer: 1, key: ABORT }), message(2, { producer: 1 })],
      [[1, 0]],
    );
    expect(offsets(partition, 0)).toEqual([]);
  });

  it('moves on when there are only records that are not for readers', () => {
    const partition = fetched([message(4, { producer: 1, isControl: true, key: COMMIT })]);
    expect(readable(partition, 4)).toMatchObject({ records: { length: 0 }, found: 4, next: 5 });
  });
});
