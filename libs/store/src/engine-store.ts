import { InvariantViolation } from '@perennial/values';
import type { EngineStore, PartitionSession } from '@perennial/engine';
import { positionOf } from './control-statements';
import type { Database } from './database';
import { PostgresSession } from './partition-session';
import { patientDatabase } from './patient-database';
import type { RetryOptions } from './retry';
import { claimPartition } from './sql/claim-partition';
import { lockProgress } from './sql/lock-progress';
import { readArmed } from './sql/read-armed';
import { readOutbox } from './sql/read-outbox';
import { readTenants } from './sql/read-tenants';
import { readClocks, readCommands } from './sql/used-numbers';
import { readStateLog } from './sql/state-log';
import { bind } from './statement';
import { CheckpointQueue } from './states/checkpoint-queue';
import { StateLog, type StateOptions } from './states/state-log';

export type EngineStoreOptions = RetryOptions & Partial<StateOptions>;

export const DEFAULTS: StateOptions = {
  limits: { logBytes: 32 * 1024 * 1024, rowsBehindMs: 30_000 },
  now: () => performance.now(),
  checkpointed: () => undefined,
  checkpointFailed: () => undefined,
};

/** The engine's store in PostgreSQL. Of its partitions it remembers nothing: their sessions do. */
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
): Promise<PartitionSession> {
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
