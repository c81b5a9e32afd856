import type { Block } from '../wire/compression';
import type { AbortedTransaction } from '../wire/fetch';
import type { FetchedBatch } from '../wire/record-batch';
import { type FetchedSlice, readable } from './completed-fetch';

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);
const MIB = 1024 * 1024;

interface Changes {
  readonly producer?: number;
  /** Last offset of the batch. */
  readonly end?: number;
  readonly isControl?: boolean;
  readonly key?: Buffer;
  /** Offsets of its records; default: the first. */
  readonly offsets?: readonly number[];
}

/** A batch with a block of 1 MiB for each record. */
function message(offset: number, changes: Changes = {}): FetchedBatch {
  const { producer, offsets = [offset], end = offsets.at(-1) ?? offset, isControl = false, key = null } = changes;
  return {
    baseOffset: offset,
    lastOffset: end,
    producerId: producer ?? -1,
    inTransaction: producer !== undefined,
    isControl,
    blocks: () =>
      offsets.map((at) => ({
        records: [{ offset: at, timestamp: 1000 + at, key, value: Buffer.from(`v${at}`), headers: [] }],
        bytes: 1,
      })),
  };
}

async function read(batches: readonly FetchedBatch[], at: number, aborted: [producer: number, first: number][] = []) {
  const transactions = aborted.map(([producerId, firstOffset]): AbortedTransaction => ({ producerId, firstOffset }));
  const slices: FetchedSlice[] = [];
  for await (const slice of readable(batches, transactions, at)) slices.push(slice);
  return slices;
}

async function one(...asked: Parameters<typeof read>) {
  const [slice, ...more] = await read(...asked);
  if (slice === undefined) throw new Error('there was no slice');
  expect(more).toEqual([]);
  const { records, ...rest } = slice;
  return { ...rest, offsets: [...records].map(({ offset }) => offset) };
}

describe('What a fetch brought', () => {
  it('is nothing when the answer is empty', async () => {
    expect(await read([], 3)).toEqual([]);
  });

  it('begins at the offset asked for, though a batch may begin before it (invariant 1)', async () => {
    const found = await one([message(3, { offsets: [3, 4] }), message(5)], 4);
    expect(found).toMatchObject({ offsets: [4, 5], fromOffset: 4, nextOffset: 6, gaps: [] });
  });

  it('tells the gaps that compaction left, wherever they are, and goes on after them (invariant 4)', async () => {
    const found = await one([message(8, { offsets: [8, 10], end: 12 }), message(13), message(20)], 4);
    expect(found).toMatchObject({ offsets: [8, 10, 13, 20], fromOffset: 4, nextOffset: 21 });
    expect(found.gaps).toEqual([
      { expected: 4, found: 8 },
      { expected: 9, found: 10 },
      { expected: 11, found: 13 },
      { expected: 14, found: 20 },
    ]);
  });

  it('goes on after a batch whose records were compacted away', async () => {
    expect(await one([message(2, { offsets: [2], end: 9 })], 5)).toMatchObject({
      offsets: [],
      nextOffset: 10,
      gaps: [{ expected: 5, found: 10 }],
    });
  });

  it('leaves out records of aborted transactions, and nothing else (invariant 1)', async () => {
    const batches = [
      message(0, { producer: 1 }),
      message(1, { producer: 2 }),
      message(2),
      message(3, { producer: 1, isControl: true, key: ABORT }),
      message(4, { producer: 1 }),
      message(5, { producer: 1, isControl: true, key: COMMIT }),
      message(6, { producer: 2, isControl: true, key: COMMIT }),
    ];
    expect(await one(batches, 0, [[1, 0]])).toMatchObject({ offsets: [1, 2, 4], nextOffset: 7, gaps: [] });
  });

  it('knows several aborted transactions, also of one producer, and in any order', async () => {
    const batches = [
      message(0, { producer: 1 }),
      message(1, { producer: 2 }),
      message(2, { producer: 1, isControl: true, key: ABORT }),
      message(3, { producer: 2, isControl: true, key: ABORT }),
      message(4, { producer: 1 }),
      message(5, { producer: 1, isControl: true, key: ABORT }),
      message(6, { producer: 2 }),
    ];
    const aborted: [number, number][] = [
      [1, 4],
      [2, 1],
      [1, 0],
    ];
    expect(await one(batches, 0, aborted)).toMatchObject({ offsets: [6], gaps: [] });
  });

  it('does not take a record for a marker because of its key', async () => {
    const batches = [message(0, { producer: 1 }), message(1, { producer: 1, key: ABORT }), message(2, { producer: 1 })];
    expect(await one(batches, 0, [[1, 0]])).toMatchObject({ offsets: [], nextOffset: 3 });
  });

  it('moves on when there are only records that are not for readers', async () => {
    const marker = message(4, { producer: 1, isControl: true, key: COMMIT });
    expect(await one([marker], 4)).toMatchObject({ offsets: [], fromOffset: 4, nextOffset: 5, gaps: [] });
  });

  it('comes in slices that join on, none larger than it has to be (invariant 2)', async () => {
    const large = message(0, { offsets: [0, 1, 2], end: 3 });
    const blocks = [...(large.blocks() as Iterable<Block>)].map((block) => ({ ...block, bytes: MIB }));
    const slices = await read([{ ...large, blocks: () => blocks }], 1);
    expect(slices.map(({ fromOffset, nextOffset, bytes }) => [fromOffset, nextOffset, bytes])).toEqual([
      [1, 2, MIB],
      [2, 3, MIB],
      [3, 4, 0],
    ]);
  });

  it('is handed out up to the batch that cannot be read (invariant 3)', async () => {
    function* batches(): Generator<FetchedBatch> {
      yield message(0);
      throw new Error('damaged');
    }
    const slices: number[] = [];
    const reading = async () => {
      for await (const { nextOffset } of readable(batches(), [], 0)) slices.push(nextOffset);
    };
    await expect(reading()).rejects.toThrow('damaged');
    expect(slices).toEqual([1]);
  });
});
