import { readable, type FetchedMessage, type FetchedPartition } from './fetched-records';

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

function message(
  offset: number,
  changes: Partial<FetchedMessage> & { producer?: string; end?: number } = {},
): FetchedMessage {
  const { producer, end = offset, ...rest } = changes;
  return {
    offset: String(offset),
    timestamp: String(1000 + offset),
    key: null,
    value: Buffer.from(`v${offset}`),
    headers: {},
    isControlRecord: false,
    batchContext: {
      firstOffset: String(offset),
      lastOffsetDelta: end - offset,
      producerId: producer ?? '-1',
      inTransaction: producer !== undefined,
    },
    ...rest,
  };
}

function fetched(messages: FetchedMessage[], aborted: [producer: string, first: number][] = []): FetchedPartition {
  return {
    partition: 0,
    highWatermark: '100',
    lastStableOffset: '100',
    abortedTransactions: aborted.map(([producerId, first]) => ({ producerId, firstOffset: String(first) })),
    messages,
  };
}

const offsets = (partition: FetchedPartition, at: number) =>
  readable(partition, at)?.records.map(({ offset }) => offset);

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
    expect(readable(fetched([message(2, { end: 9 })]), 5)).toEqual({ records: [], found: 10, next: 10 });
  });

  it('leaves out records of aborted transactions, and nothing else', () => {
    const partition = fetched(
      [
        message(0, { producer: 'a' }),
        message(1, { producer: 'b' }),
        message(2),
        message(3, { producer: 'a', isControlRecord: true, key: ABORT }),
        message(4, { producer: 'a' }),
        message(5, { producer: 'a', isControlRecord: true, key: COMMIT }),
        message(6, { producer: 'b', isControlRecord: true, key: COMMIT }),
      ],
      [['a', 0]],
    );
    expect(offsets(partition, 0)).toEqual([1, 2, 4]);
    expect(readable(partition, 0)?.next).toBe(7);
  });

  it('knows several aborted transactions, also of one producer, and in any order', () => {
    const partition = fetched(
      [
        message(0, { producer: 'a' }),
        message(1, { producer: 'b' }),
        message(2, { producer: 'a', isControlRecord: true, key: ABORT }),
        message(3, { producer: 'b', isControlRecord: true, key: ABORT }),
        message(4, { producer: 'a' }),
        message(5, { producer: 'a', isControlRecord: true, key: ABORT }),
        message(6, { producer: 'b' }),
      ],
      [
        ['a', 4],
        ['b', 1],
        ['a', 0],
      ],
    );
    expect(offsets(partition, 0)).toEqual([6]);
  });

  it('does not take a record for a marker because of its key', () => {
    const partition = fetched(
      [message(0, { producer: 'a' }), message(1, { producer: 'a', key: ABORT }), message(2, { producer: 'a' })],
      [['a', 0]],
    );
    expect(offsets(partition, 0)).toEqual([]);
  });

  it('moves on when there are only records that are not for readers', () => {
    const partition = fetched([message(4, { producer: 'a', isControlRecord: true, key: COMMIT })]);
    expect(readable(partition, 4)).toEqual({ records: [], found: 4, next: 5 });
  });

  it('takes the last of several headers of a name, and text of an absent one', () => {
    const headers = { one: Buffer.from('1'), two: [Buffer.from('a'), Buffer.from('b')], none: null };
    expect(readable(fetched([message(0, { headers })]), 0)?.records[0]?.headers).toEqual({
      one: '1',
      two: 'b',
      none: '',
    });
  });
});
