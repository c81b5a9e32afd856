import { HoldWhatTheEngineCommits } from './0001-hold-what-the-engine-commits';
import { RememberTheTopicLayout } from './0002-remember-the-topic-layout';
import { TrackImports } from './0003-track-imports';
import { GivePartitionsBack } from './0004-give-partitions-back';
import { RememberDeadLettersSettled } from './0005-remember-dead-letters-settled';
import { RecordSkips } from './0006-record-skips';
import { LogStatesBeforeRows } from './0007-log-states-before-rows';
import { RememberThePartitionGroup } from './0008-remember-the-partition-group';
import { KeepClocksApartFromDefinitions } from './0009-keep-clocks-apart-from-definitions';
import { SayWhoPublished } from './0010-say-who-published';
import { KeepTenantsAndWriteKeys } from './0011-keep-tenants-and-write-keys';
import { SayWhatAnImportDoes } from './0012-say-what-an-import-does';

/** In their order. */
export const migrations = [
  HoldWhatTheEngineCommits,
  RememberTheTopicLayout,
  TrackImports,
  GivePartitionsBack,
  RememberDeadLettersSettled,
  RecordSkips,
  LogStatesBeforeRows,
  RememberThePartitionGroup,
  KeepClocksApartFromDefinitions,
  SayWhoPublished,
  KeepTenantsAndWriteKeys,
  SayWhatAnImportDoes,
];

/** Their names, as `schema_migration` keeps them. */
export const migrationNames: readonly string[] = migrations.map((Migration) => new Migration().name);

/** The table that holds the names of the migrations that ran. */
export const MIGRATION_TABLE = 'schema_migration';
