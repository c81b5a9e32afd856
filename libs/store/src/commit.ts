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
import type { Commit, CommitResult } from '@perennial/engine';
import { commitStatements } from './commit-statements';
import type { Database } from './database';
import { retry, type RetryOptions } from './retry';
import { readProgress } from './sql/read-progress';
import { bind } from './statement';

export function commitBatch(
  database: Database,
  partition: number,
  epoch: number,
  commit: Commit,
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

/** Whose progress stopped the fence: that of an earlier run of this commit, or another's. */
async function ownResult(
  database: Database,
  partition: number,
  epoch: number,
  nextOffset: number,
): Promise<CommitResult> {
  const [progress] = await database.query(bind(readProgress, partition));
  return progress?.epoch === epoch && progress.next_offset === nextOffset ? 'committed' : 'fenced';
}
