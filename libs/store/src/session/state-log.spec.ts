/** What state-log.ts promises about when checkpoints run. Numbers are its. */
import { RetryableError } from '@perennial/values';
import { aState, FakeDatabase } from '@perennial/testing';
import { StateRows } from '@perennial/processor';
import { type Checkpoint, CheckpointQueue, DEFAULTS, StateLog } from './state-log';

function aLog(database = new FakeDatabase(), limits = DEFAULTS.limits) {
  const checkpoints: Checkpoint[] = [];
  const failures: unknown[] = [];
  const log = new StateLog(
    database,
    0,
    new CheckpointQueue(),
    {
      limits,
      now: () => 0,
      checkpointed: (checkpoint) => checkpoints.push(checkpoint),
      checkpointFailed: (_, error) => failures.push(error),
    },
    [],
  );
  return { log, checkpoints, failures, database };
}
const rowsAt = (offset: number) => StateRows.of([aState(`acme:c${offset}`, { version: offset })]);

describe('A flush', () => {
  it('ends though commits go on, with two checkpoints at most (invariant 6)', async () => {
    let offset = 0;
    const commit = (): void => {
      log.appended(offset, rowsAt(offset));
      offset += 1;
    };
    // A commit while each statement is under way: whatever is waited for, there is more.
    const { log, checkpoints, database } = aLog(
      new FakeDatabase(() => {
        if (offset < 500) commit();
        return 'none';
      }),
    );
    commit();
    await log.flush();
    expect([offset < 10, checkpoints.length, database.partition(0).customerState.has('acme:c0')]).toEqual([
      true,
      1,
      true,
    ]);
    await Promise.all([log.flush(), log.flush()]);
    expect([offset < 20, checkpoints.length <= 3]).toEqual([true, true]);
  });

  it('writes what was logged when it was called, also what a checkpoint under way does not', async () => {
    const { log, checkpoints, database } = aLog(new FakeDatabase(), { logBytes: 0, rowsBehindMs: 0 });
    log.appended(0, rowsAt(0));
    log.appended(1, rowsAt(1));
    await log.flush();
    expect([...database.partition(0).customerState.keys()]).toEqual(['acme:c0', 'acme:c1']);
    expect(checkpoints.length).toBe(2);
  });

  it('has nothing to do when nothing is logged', async () => {
    const { log, checkpoints } = aLog();
    await log.flush();
    expect(checkpoints).toEqual([]);
  });
});

describe('A checkpoint that fails', () => {
  it('is told, and repeated with the next commit', async () => {
    let away = true;
    const { log, checkpoints, failures, database } = aLog(new FakeDatabase(() => (away ? 'before' : 'none')));
    log.appended(0, rowsAt(0));
    await expect(log.flush()).rejects.toBeInstanceOf(RetryableError);
    expect(failures).toHaveLength(1);
    away = false;
    log.appended(1, rowsAt(1));
    await log.flush();
    expect([checkpoints.length, [...database.partition(0).customerState.keys()]]).toEqual([2, ['acme:c0', 'acme:c1']]);
  });
});

describe('A log that has ended', () => {
  it('writes nothing more', async () => {
    const { log, checkpoints, database } = aLog();
    log.appended(0, rowsAt(0));
    log.end();
    await log.flush();
    expect([checkpoints, database.partition(0).customerState.size]).toEqual([[], 0]);
  });
});
