import { setTimeout as wait } from 'node:timers/promises';
import type { PartitionClaim } from '@perennial/store';
import type { PartitionOffsets } from '@perennial/stream';
import type { Connection } from '../connection';
import { type Finding, findingsOf, ok, wrong } from './finding';
import { firstReadable, PATIENCE_MS, readAt } from './readable';

type Ranges = ReadonlyMap<number, PartitionOffsets>;
type Parts = Pick<Connection, 'log' | 'inspection'>;

const POLL_MS = 100;

/** Whether each partition has an owner and goes forward. Those behind are watched for `watchMs`: an owner that works moves. */
export function checkPartitions(connection: Parts, ranges: Ranges, watchMs: number): Promise<readonly Finding[]> {
  return findingsOf('partitions', 'Look at the database first.', async () => {
    const before = await claimsOf(connection);
    const behind = [...ranges.values()].filter(({ partition, high }) => lagOf(before.get(partition), high) > 0);
    const still = await watch(connection, before, new Set(behind.map(({ partition }) => partition)), watchMs);
    return Promise.all(
      [...ranges.values()].map((range) => judge(connection, range, before.get(range.partition), still)),
    );
  });
}

const lagOf = (claim: PartitionClaim | undefined, high: number): number =>
  claim === undefined ? 0 : high - claim.nextOffset;

async function claimsOf({ inspection }: Parts): Promise<ReadonlyMap<number, PartitionClaim>> {
  return new Map((await inspection.claims()).map((claim) => [claim.partition, claim]));
}

/** Those of the partitions whose progress did not move. */
async function watch(
  connection: Parts,
  before: ReadonlyMap<number, PartitionClaim>,
  still: Set<number>,
  watchMs: number,
): Promise<ReadonlySet<number>> {
  const end = performance.now() + watchMs;
  while (still.size > 0 && performance.now() < end) {
    await wait(POLL_MS);
    for (const { partition, nextOffset } of (await claimsOf(connection)).values())
      if (nextOffset !== before.get(partition)?.nextOffset) still.delete(partition);
  }
  return still;
}

const START = 'Start an engine, or more of them.';

async function judge(
  { log }: Parts,
  range: PartitionOffsets,
  claim: PartitionClaim | undefined,
  still: ReadonlySet<number>,
): Promise<Finding> {
  const { partition, low, high } = range;
  const check = `partition ${partition}`;
  if (claim === undefined) return wrong(check, 'was never claimed', START);
  const { nextOffset, owner, released } = claim;
  const at = `next offset ${nextOffset}, log [${low}, ${high})`;
  if (nextOffset < low) return wrong(check, `${at}: records were deleted unread`, skipTo(partition, low));
  if (nextOffset > high)
    return wrong(check, `${at}: the topic lost records`, 'Restore the topic and the database from the same time.');
  const read = still.has(partition) ? await readAt(log, partition, nextOffset, high) : null;
  switch (read?.kind) {
    case 'unreadable': {
      const to = await firstReadable(nextOffset, high, async (offset) => {
        const there = await readAt(log, partition, offset, high);
        return there.kind !== 'unreadable';
      });
      return wrong(check, `${at}: stands still, ${read.why}`, skipTo(partition, to));
    }
    case 'blocked':
      return wrong(check, `${at}: stands still, a producer's transaction is open`, 'End or abort the transaction.');
    case 'silent':
      return wrong(
        check,
        `${at}: stands still, the log gave nothing within ${PATIENCE_MS / 1000} s though no transaction is open`,
        'Look at the broker: it may be overloaded, or the batch there very large.',
      );
    case 'readable':
    case 'empty':
    case undefined:
  }
  if (released) return wrong(check, `${at}: given back, nobody owns it`, START);
  if (read !== null)
    return wrong(
      check,
      `${at}: ${read.kind === 'empty' ? 'no record waits, but' : `up to ${high - nextOffset} records wait and`} nothing moves; last owner ${owner}`,
      "Start an engine; if one runs, its log and /health/ready say why it can't go on.",
    );
  return ok(check, `${at}, owner ${owner}`);
}

const skipTo = (partition: number, to: number): string =>
  `Keep a copy if you can, then: perennial doctor skip --partition ${partition} --to ${to} --reason "…"`;
