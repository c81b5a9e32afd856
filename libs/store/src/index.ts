export { takeTurn, type Turn } from './postgres/advisory-lock';
export type { ColdTables } from './postgres/cold-tables';
export { openDatabase, type Database, type DatabaseOptions, type RowsOf, type Tls } from './postgres/database';
export { type Databases, type GroupDatabase, openDatabases, type PartitionGroup } from './postgres/databases';
export type { RetryOptions } from './postgres/retry';
export type { Bound } from './postgres/statement';
export { checkLayout, type Layout } from './schema/layout';
export { migrate } from './schema/migrate';
export { createEngineStore, createGroupedStore, type EngineStoreOptions } from './session/engine-store';
export { HOT_STATEMENTS, type HotAnswers } from './session/hot-statements';
export type { Checkpoint, CheckpointObserver } from './session/state-log';
export {
  type Begun,
  createDeadLetterResolutions,
  type DeadLetterId,
  type DeadLetterResolutions,
  type Resolution,
} from './operations/dead-letter-resolutions';
export { createImports } from './operations/imports';
export {
  createInspection,
  type DatabaseInspection,
  type Inspection,
  type PartitionClaim,
  type SchemaState,
} from './operations/inspection';
export {
  createPublishedDefinitions,
  type PartitionDefinition,
  type PublishedDefinitions,
} from './operations/published-definitions';
export {
  createReports,
  type CustomerReport,
  type PartitionProgress,
  type PartitionTenant,
  type Reports,
  type Summary,
} from './operations/reports';
export { createSignedNumbers, type SignedNumbers } from './operations/signed-numbers';
export { createSkips, type Skip, type Skips } from './operations/skips';
export { type CreatedTenant, createTenants, MAX_TENANTS, type Tenants } from './operations/tenants';
export {
  createWriteKeyFeed,
  createWriteKeys,
  hashWriteKey,
  type KeyCreation,
  type KeyInForce,
  type KeyRevocation,
  MAX_KEY_LABEL,
  MAX_KEYS_PER_TENANT,
  type WriteKey,
  type WriteKeyFeed,
  type WriteKeys,
} from './operations/write-keys';
