import type { PartitionProgress } from '@perennial/store';
import type { Connection } from '../connection';
import { drained } from './drained';

/** Two partitions that end at 5 and 0; `rows` is what the store says, time after time, the last one for ever. */
function aConnection(rows: readonly (readonly [nextOffset: number, unpublished: number, oldest?: number])[]) {
  const left = [...rows];
  const admin = {
    connect: () => Promise.resolve(),
    close: () => Promise.resolve(),
    offsets: () => Promise.resolve([5, 0].map((high, partition) => ({ partition, low: 0, high }))),
  };
  const progress = (): Promise<PartitionProgress[]> => {
    const [nextOffset, unpublished, oldest = 0] = (left.length > 1 ? left.shift() : left[0]) ?? [0, 0];
    const oldestUnpublished = unpublished === 0 ? null : oldest;
    return Promise.resolve([{ partition: 0, epoch: 1, owner: 'a', nextOffset, unpublished, oldestUnpublished }]);
  };
  const connection = { log: { admin: () => admin }, reports: { progress } } as unknown as Connection;
  return { connection, left };
}

const never = new AbortController().signal;

describe('a topic is drained', () => {
  it('when all is committed, and published', async () => {
    const { connection, left } = aConnection([[3, 1], [5, 1], [5, 0]]); // prettier-ignore
    await drained(connection, never);
    expect(left).toEqual([[5, 0]]);
  });

  it('when all of it is published, though newer records keep the outbox full', async () => {
    const { connection, left } = aConnection([[7, 2, 4], [8, 2, 5]]); // prettier-ignore
    await drained(connection, never, { patience: 1_000 });
    expect(left).toEqual([[8, 2, 5]]);
  });

  it('never, when the engine stands still: that is said, with where', async () => {
    const { connection } = aConnection([[5, 2]]);
    await expect(drained(connection, never, { patience: 60 })).rejects.toThrow(
      'The engine has done nothing for 0.06 s: partition 0 at 5 of 5, 2 batches unpublished. See its log, and `perennial doctor`.',
    );
  });

  it('or given up when interrupted', async () => {
    const { connection } = aConnection([[3, 0]]);
    await expect(drained(connection, AbortSignal.timeout(5))).rejects.toThrow('aborted');
  });
});
