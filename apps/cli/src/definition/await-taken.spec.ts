import type { Connection } from '../connection';
import { awaitTaken } from './await-taken';

/** Two partitions; `steps` is where they are, time after time, the last one for ever. */
function reportsOf(...steps: readonly (readonly [first: number, second: number])[]) {
  const left = [...steps];
  const progress = () => {
    const at = (left.length > 1 ? left.shift() : left[0]) ?? [0, 0];
    return Promise.resolve(at.map((nextOffset, partition) => ({ partition, nextOffset })));
  };
  return { left, connection: { reports: { progress } } as unknown as Pick<Connection, 'reports'> };
}
const offsets = new Map([
  [0, 4],
  [1, 9],
]);
const waiting = { say: () => undefined, signal: new AbortController().signal };

describe('a command is taken', () => {
  it('when every partition has come past it', async () => {
    const { connection, left } = reportsOf([4, 10], [5, 9], [5, 10]);
    await awaitTaken(connection, offsets, waiting);
    expect(left).toEqual([[5, 10]]);
  });

  it('by nobody when nothing moves: that is said, with where', async () => {
    const { connection } = reportsOf([5, 7]);
    await expect(awaitTaken(connection, offsets, { ...waiting, patience: 60 })).rejects.toThrow(
      'No engine has moved partition 1 from 7 to 10 for a long time. What was sent is in the log',
    );
  });

  it('by a partition of which nothing is stored yet', async () => {
    const { connection } = reportsOf([5, 10]);
    await expect(awaitTaken(connection, new Map([[3, 0]]), { ...waiting, patience: 60 })).rejects.toThrow(
      'partition 3 from 0 to 1',
    );
  });
});
