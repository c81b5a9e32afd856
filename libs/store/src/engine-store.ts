import { InvariantViolation } from '@perennial/contracts';
import type { Claim, DueQuery, EngineStore } from '@perennial/engine';
import { commitBatch } from './commit';
import { positionOf } from './control-statements';
import type { Database } from './database';
import type { RetryOptions } from './retry';
import { claimPartition } from './sql/claim-partition';
import { findDue } from './sql/find-due';
import { findEarliest } from './sql/find-earliest';
import { lockProgress } from './sql/lock-progress';
import { readArmed } from './sql/read-armed';
import { readOutbox } from './sql/read-outbox';
import { readTenants } from './sql/read-tenants';
import { readClocks, readCommands } from './sql/used-numbers';
import { readStateLog } from './sql/state-log';
import { releaseClaim } from './sql/release-claim';
import { removeOutbox } from './sql/remove-outbox';
import { renewClaim } from './sql/renew-claim';
import { bind } from './statement';
import { type StateOptions, States } from './states/states';

export type EngineStoreOptions = RetryOptions & Partial<StateOptions>;

export const DEFAULTS: StateOptions = {
  limits: { logBytes: 32 * 1024 * 1024, rowsBehindMs: 30_000 },
  now: () => performance.now(),
  checkpointed: () => undefined,
};

/**
 * The engine's store in PostgreSQL. Only `commit` runs again by itself (see commit.ts); all other calls throw
 * `RetryableError` at the first failure that may pass.
 */
export function createEngineStore(database: Database, options: EngineStoreOptions): EngineStore {
  const states = new States(database, { ...DEFAULTS, ...options });
  return {
    claim: (partition, owner) => claim(database, states, partition, owner),
    load: (partition, keys) => states.load(partition, keys),
    due: async (partition, queries, limit) => {
      if (queries.length === 0) return [];
      const throughs = queries.map((query) => query.through);
      return database.query(bind(findDue, partition, tenantsOf(queries), throughs, exceptions(queries), limit));
    },
    earliest: async (partition, queries) => {
      if (queries.length === 0) return new Map();
      const rows = await database.query(bind(findEarliest, partition, tenantsOf(queries), exceptions(queries)));
      return new Map(rows.map((row) => [row.tenant, row.due]));
    },
    commit: async (commit) => {
      const { partition, expectedOffset } = commit;
      await states.room(partition);
      const result = await commitBatch(database, commit, options);
      if (result === 'committed' && commit.states.length > 0) states.appended(partition, expectedOffset, commit.states);
      return result;
    },
    renew: async (partition, epoch) => {
      const held = await database.query(bind(renewClaim, partition, epoch));
      return held.length === 1 ? 'held' : 'lost';
    },
    release: async (partition, epoch, publishedThrough) => {
      states.released(partition);
      await database.transaction([
        bind(releaseClaim, partition, epoch),
        // What was published may go, whoever owns the partition by now.
        bind(removeOutbox, partition, publishedThrough ?? NONE_PUBLISHED),
      ]);
    },
    rest: async (partition, publishedThrough) => {
      if (publishedThrough !== null) await database.query(bind(removeOutbox, partition, publishedThrough));
      await states.settle(partition);
    },
  };
}

/** One transaction: tenants and outbox are those of the offset, since the claim holds the progress row. */
async function claim(database: Database, states: States, partition: number, owner: string): Promise<Claim> {
  const [[former], [progress], tenants, clocks, commands, outbox, [totals], log] = await database.transaction([
    bind(lockProgress, partition),
    bind(claimPartition, partition, owner),
    bind(readTenants, partition),
    bind(readClocks, partition),
    bind(readCommands, partition),
    bind(readOutbox, partition),
    bind(readArmed, partition),
    bind(readStateLog, partition),
  ]);
  if (progress === undefined)
    throw new InvariantViolation('STORE.NO_CLAIM', `Claim of partition ${partition} returned no row.`);
  states.claimed(partition, log);
  return {
    epoch: progress.epoch,
    nextOffset: progress.next_offset,
    released: former?.released ?? true,
    armed: totals?.armed ?? 0,
    tenants,
    numbers: { clocks: clocks.map(positionOf), commands: commands.map((row) => row.number) },
    outbox: outbox.map((row) => ({ firstOffset: row.first_offset, bytes: row.bytes })),
  };
}

/** Before every offset. */
const NONE_PUBLISHED = -1;

type TenantQuery = Omit<DueQuery, 'through'>;
const tenantsOf = (queries: readonly TenantQuery[]) => queries.map((query) => query.tenant);
/** Keys start with their tenant, so the exceptions of all queries make one list. */
const exceptions = (queries: readonly TenantQuery[]) => queries.flatMap((query) => query.except);
