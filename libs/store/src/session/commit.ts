/**
 * Commits a micro-batch: progress, states, deadlines, outbox, tenants and totals.
 *
 * 1. The fence, a compare-and-set on epoch and next offset, is the first statement. When it matches no row, nothing of
 *    the commit is written.
 * 2. It is one transaction: everything or nothing.
 * 3. A commit takes effect at most once, however often it is run: the next offset only grows, so the expected one is
 *    gone for good afterwards. A commit that does not move it is refused.
 * 4. A lost answer is settled by running the commit again. If the fence matches, nothing had been written, and now it
 *    is. If a run before is still in flight on the server, the fence waits for its row lock; reading progress without
 *    that wait could miss it. If the fence does not match, progress tells: our epoch with our next offset was written
 *    by a run of this very commit (`committed`); anything else is `fenced`.
 * 5. `fenced` after a lost answer may hide a run that took effect before a newer owner claimed the partition: that
 *    owner then found it with its claim. Either way the caller has lost the partition and publishes nothing of it.
 * 6. Runs are bounded. When they are used up the result is unknown and a `RetryableError` says so; by 3 and 4 the caller
 *    may run the same commit again.
 */
import { ConcurrencyConflict, InvariantViolation } from '@perennial/values';
import type { EngineCommit } from '@perennial/engine';
import type { CommitResult } from '@perennial/processor';
import type { Database } from '../postgres/database';
import { retry, type RetryOptions } from '../postgres/retry';
import { bind, type Bound } from '../postgres/statement';
import { controlStatements } from './statements/control';
import { deadlineStatements } from './statements/deadlines';
import { advanceProgress, readProgress, removeOutbox, totalStatements, writeOutbox } from './statements/progress';
import { appendStateLog } from './statements/states';

export function commitBatch(
  database: Database,
  partition: number,
  epoch: number,
  commit: EngineCommit,
  options: RetryOptions,
): Promise<CommitResult> {
  const { expectedOffset, nextOffset } = commit;
  if (nextOffset <= expectedOffset) {
    const message = `Commit of partition ${partition} from offset ${expectedOffset} to ${nextOffset} makes no progress; commit at least one record.`;
    return Promise.reject(new InvariantViolation('STORE.NO_PROGRESS', message));
  }
  const statements = commitStatements(partition, epoch, commit);
  return retry(async () => {
    try {
      await database.transaction(statements);
      return 'committed';
    } catch (error) {
      if (error instanceof ConcurrencyConflict) return ownResult(database, partition, epoch, nextOffset);
      throw error;
    }
  }, options);
}

/** `committed` if an earlier run of this commit moved the progress, `fenced` if another owner did (invariant 4). */
async function ownResult(
  database: Database,
  partition: number,
  epoch: number,
  nextOffset: number,
): Promise<CommitResult> {
  const [progress] = await database.query(bind(readProgress, partition));
  return progress?.epoch === epoch && progress.next_offset === nextOffset ? 'committed' : 'fenced';
}

/** The statements of a micro-batch in their order, the fence first; none for what the micro-batch does not touch. */
export function commitStatements(partition: number, epoch: number, commit: EngineCommit): readonly Bound<unknown>[] {
  const { expectedOffset, nextOffset, states, outbox, publishedThrough } = commit;
  return [
    bind(advanceProgress, partition, epoch, expectedOffset, nextOffset),
    ...(states.length === 0 ? [] : [bind(appendStateLog, partition, expectedOffset, states.bytes)]),
    ...deadlineStatements(partition, commit.deadlines),
    ...(publishedThrough === null ? [] : [bind(removeOutbox, partition, publishedThrough)]),
    ...(outbox === null ? [] : [bind(writeOutbox, partition, outbox.firstOffset, outbox.bytes)]),
    ...controlStatements(partition, commit),
    ...totalStatements(partition, commit.totals),
  ];
}
