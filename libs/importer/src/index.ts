export { admit, chooseEnding, type Chosen, GO_LIVES, type GoLive, LATE_MEANS, type TenantBefore } from './admission';
export { refuseOtherImport, refuseOtherTenant } from './checkpoint';
export { type GivenUp, giveUp, type GivingUp } from './give-up';
export { checkImportName, defaultImportName, type ImportSubject } from './import-name';
export {
  type Ending,
  type EngineView,
  type ImportedHistory,
  type ImportJob,
  type ImportLog,
  type ImportPhase,
  type ImportPorts,
  type ImportStatus,
  type ImportStatuses,
  type ImportTime,
  type PartitionTenant,
  type PastRow,
  type PhaseProgress,
} from './ports';
export { type Danger, dangersOf, type Rehearsal, rehearse, type Rehearsed, type RehearsedHistory } from './rehearsal';
export { type Imported, runImport } from './run-import';
export { GIVEN_UP_AFTER_MS, type Movement, Standstill } from './standstill';
