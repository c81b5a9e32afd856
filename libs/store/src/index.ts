export type { ColdTables } from './cold/cold-tables';
export { openDatabase, type Database, type DatabaseOptions, type RowsOf, type Tls } from './database';
export { type Databases, type GroupDatabase, openDatabases, type PartitionGroup } from './databases';
export {
  type Begun,
  createDeadLetterResolutions,
  type DeadLetterId,
  type DeadLetterResolutions,
  type Resolution,
} from './dead-letter-resolutions';
export { createEngineStore, type EngineStoreOptions } from './engine-store';
export { createGroupedStore } from './grouped-store';
export { HOT_STATEMENTS, type HotAnswers } from './hot-statements';
export { createImports } from './imports';
export {
  createInspection,
  type DatabaseInspection,
  type Inspection,
  type PartitionClaim,
  type SchemaState,
} from './inspection';
export { checkLayout, type Layout } from './layout';
export { migrate } from './migrate';
export {
  createPublishedDefinitions,
  type PartitionDefinition,
  type PublishedDefinitions,
} from './published-definitions';
export {
  createReports,
  type CustomerReport,
  type PartitionProgress,
  type PartitionTenant,
  type Reports,
  type Summary,
} from './reports';
export type { RetryOptions } from './retry';
export type { Checkpoint, CheckpointObserver } from './states/state-log';
export { createSignedNumbers, type SignedNumbers } from './signed-numbers';
export { createSkips, type Skip, type Skips } from './skips';
export type { Bound } from './statement';
export { type CreatedTenant, createTenants, MAX_TENANTS, type Tenants } from './tenants';
export { takeTurn, type Turn } from './turn';
export { createWriteKeyFeed, type KeyInForce, type WriteKeyFeed } from './write-key-feed';
export {
  createWriteKeys,
  hashWriteKey,
  type KeyCreation,
  type KeyRevocation,
  MAX_KEY_LABEL,
  MAX_KEYS_PER_TENANT,
  type WriteKey,
  type WriteKeys,
} from './write-keys';
