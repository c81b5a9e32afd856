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
export { takeTurn, type Turn } from './turn';
