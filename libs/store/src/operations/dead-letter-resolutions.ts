/**
 * Remembers what operators did with dead letters.
 *
 * 1. A dead letter is replayed or dropped once: `begin` and `drop` give each to one caller only.
 * 2. `begin` is durable before the caller sends, `end` comes after the acknowledgement. What lies between is found again as
 *    `replaying`, and the log tells whether it was sent.
 */
import type { Instant } from '@perennial/values';
import type { Repository } from 'typeorm';
import type { Database } from '../postgres/database';
import { now, type DeadLetterResolutionRow, DeadLetterResolutionTable } from '../schema/entities';

/** The position of the record in the activity topic. */
export interface DeadLetterId {
  readonly partition: number;
  readonly offset: number;
}

export type Resolution = { readonly by: string; readonly at: Instant } & (
  | { readonly state: 'replaying' | 'replayed' }
  | { readonly state: 'dropped'; readonly reason: string }
);

/** A dead letter that is the caller's to send. */
export interface Begun extends DeadLetterId {
  /** Somebody tried before: look in the log from `sentAfter` on, and send only what is not there. */
  readonly again: boolean;
  /** End of the target partition when the first attempt began. */
  readonly sentAfter: number;
}

export interface DeadLetterResolutions {
  /** Of these dead letters, by `partition:offset`; those that nobody has resolved are left out. */
  of(ids: readonly DeadLetterId[]): Promise<ReadonlyMap<string, Resolution>>;
  /** The unresolved among them, without those of which an attempt younger than `patienceMs` ms may be running. */
  begin(
    letters: readonly (DeadLetterId & { readonly sentAfter: number })[],
    by: string,
    patienceMs: number,
  ): Promise<readonly Begun[]>;
  /** Marks them as replayed: they were sent. */
  end(ids: readonly DeadLetterId[]): Promise<void>;
  /** Drops the unresolved among them; returns how many. */
  drop(ids: readonly DeadLetterId[], by: string, reason: string): Promise<number>;
}

export function createDeadLetterResolutions({ cold }: Database): DeadLetterResolutions {
  return {
    of: (ids) =>
      cold.table(DeadLetterResolutionTable, async (rows) => {
        const found = await rows.createQueryBuilder('r').where(AMONG, positions(ids)).getMany();
        return new Map(found.map((row) => [`${row.partition}:${row.offset}`, resolutionOf(row)]));
      }),
    begin: (letters, by, patienceMs) =>
      cold.transaction(async (manager) => {
        const rows = manager.getRepository(DeadLetterResolutionTable);
        const again = await takeOver(rows, letters, by, patienceMs);
        const positioned = letters.map(({ partition, offset, sentAfter }) => ({ partition, offset, sentAfter }));
        const first = await insertNew(rows, positioned, { state: 'replaying', reason: null, resolvedBy: by });
        return [...again.map(begun(true)), ...first.map(begun(false))];
      }),
    end: (ids) =>
      cold.table(DeadLetterResolutionTable, async (rows) => {
        const replayed = rows.createQueryBuilder().update({ state: 'replayed', resolvedAt: now });
        await replayed.where(AMONG, positions(ids)).andWhere("state = 'replaying'").execute();
      }),
    drop: (ids, by, reason) =>
      cold.transaction(async (manager) => {
        const rows = manager.getRepository(DeadLetterResolutionTable);
        const positioned = ids.map(({ partition, offset }) => ({ partition, offset, sentAfter: null }));
        return (await insertNew(rows, positioned, { state: 'dropped', reason, resolvedBy: by })).length;
      }),
  };
}

/** One descent of the primary key per position asked for. */
const AMONG = `(partition, source_offset) IN (
  SELECT * FROM unnest(CAST(:partitions AS integer[]), CAST(:offsets AS bigint[])))`;

function positions(ids: readonly DeadLetterId[]): { readonly partitions: number[]; readonly offsets: number[] } {
  return { partitions: ids.map(({ partition }) => partition), offsets: ids.map(({ offset }) => offset) };
}

/** Takes over attempts older than `patienceMs` ms: none of them runs any more. Locks in key order, so callers never deadlock. */
async function takeOver(
  rows: Repository<DeadLetterResolutionRow>,
  ids: readonly DeadLetterId[],
  by: string,
  patienceMs: number,
): Promise<readonly DeadLetterResolutionRow[]> {
  const stale = await rows
    .createQueryBuilder('r')
    .setLock('pessimistic_write')
    .where(AMONG, positions(ids))
    .andWhere("r.state = 'replaying' AND r.resolvedAt <= now() - :patienceMs * interval '1 millisecond'", {
      patienceMs,
    })
    .orderBy({ 'r.partition': 'ASC', 'r.offset': 'ASC' })
    .getMany();
  const taken = { resolvedBy: by, resolvedAt: now, attempt: () => 'attempt + 1' };
  await rows.createQueryBuilder().update(taken).where(AMONG, positions(stale)).execute();
  return stale;
}

/** PostgreSQL takes 65,535 parameters a statement. */
const ROWS_AT_ONCE = 5_000;

/** Inserts those that have no row, in key order, so that callers never deadlock; returns which. */
async function insertNew(
  rows: Repository<DeadLetterResolutionRow>,
  letters: readonly Position[],
  common: Pick<DeadLetterResolutionRow, 'state' | 'reason' | 'resolvedBy'>,
): Promise<readonly Position[]> {
  const inOrder = letters.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
  const inserted: Position[] = [];
  for (let from = 0; from < inOrder.length; from += ROWS_AT_ONCE) {
    const values = inOrder
      .slice(from, from + ROWS_AT_ONCE)
      .map((position) => ({ ...position, ...common, resolvedAt: now, attempt: 1 }));
    const insert = rows.createQueryBuilder().insert().values(values).orIgnore();
    const returning = insert.returning(['partition', 'offset', 'sentAfter']).updateEntity(false);
    const result: { readonly raw: unknown } = await returning.execute();
    const returned = result.raw as { partition: number; source_offset: number; sent_after: number | null }[];
    inserted.push(
      ...returned.map((row) => ({ partition: row.partition, offset: row.source_offset, sentAfter: row.sent_after })),
    );
  }
  return inserted;
}

type Position = Pick<DeadLetterResolutionRow, 'partition' | 'offset' | 'sentAfter'>;

const begun =
  (again: boolean) =>
  ({ partition, offset, sentAfter }: Position): Begun => ({ partition, offset, again, sentAfter: sentAfter ?? 0 });

function resolutionOf({ state, reason, resolvedBy: by, resolvedAt: at }: DeadLetterResolutionRow): Resolution {
  return state === 'dropped' ? { state, by, at, reason: reason ?? '' } : { state, by, at };
}
