import { InvariantViolation } from '@perennial/values';
import type { EngineStore, EngineSession } from '@perennial/engine';
import type { Database } from '../postgres/database';
import { type Databases, type GroupDatabase, holderOf } from '../postgres/databases';
import { patientDatabase, type RetryOptions } from '../postgres/retry';
import { bind } from '../postgres/statement';
import { PostgresSession } from './partition-session';
import { CheckpointQueue, DEFAULTS, StateLog, type StateOptions } from './state-log';
import { positionOf, readClocks, readCommands, readTenants } from './statements/control';
import { claimPartition, lockProgress, readArmed, readOutbox } from './statements/progress';
import { readStateLog } from './statements/states';

export type EngineStoreOptions = RetryOptions & Partial<StateOptions>;

/** The engine's store in PostgreSQL. It keeps no state of partitions: their sessions do. */
export function createEngineStore(database: Database, options: EngineStoreOptions): EngineStore {
  const checkpoints = new CheckpointQueue();
  const all = { ...DEFAULTS, ...options };
  const patient = patientDatabase(database);
  return { claim: (partition, owner) => claim(patient, checkpoints, all, partition, owner) };
}

/** One transaction: tenants and outbox are those of the offset, since the claim holds the progress row. */
async function claim(
  database: Database,
  checkpoints: CheckpointQueue,
  options: RetryOptions & StateOptions,
  partition: number,
  owner: string,
): Promise<EngineSession> {
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
  const found = {
    epoch: progress.epoch,
    nextOffset: progress.next_offset,
    released: former?.released ?? true,
    armed: totals?.armed ?? 0,
    tenants,
    numbers: { clocks: clocks.map(positionOf), commands: commands.map((row) => row.number) },
    outbox: outbox.map((row) => ({ firstOffset: row.first_offset, bytes: row.bytes })),
  };
  const states = new StateLog(database, partition, checkpoints, options, log);
  return new PostgresSession(database, partition, found, states, options);
}

/**
 * The engine's store over several databases: a partition is claimed in the database that holds it. The stores share nothing:
 * a database that is away delays its own partitions only.
 */
export function createGroupedStore({ groups }: Databases, open: (group: GroupDatabase) => EngineStore): EngineStore {
  const stores = groups.map((group) => ({ ...group, store: open(group) }));
  return { claim: async (partition, owner) => holderOf(stores, partition).store.claim(partition, owner) };
}
