export { Engine, type EngineOptions } from './engine';
export type { LeaseTimes } from './lease';
export { type EngineObserver, OUTCOMES, type OutcomeName, type Retried } from './observer';
export { decodeOutbox } from './outbox/decode-outbox';
export { Plans } from './plans';
export type {
  Bootstrap,
  ClockPosition,
  PublishedDefinition,
  TenantChange,
  TenantState,
  UsedNumberChange,
  UsedNumberState,
} from './control-state';
export type {
  Claim,
  Commit,
  CommitResult,
  CrashPoint,
  CrashPoints,
  DeadlineChange,
  DueDeadline,
  DueQuery,
  EngineStore,
  FlowControl,
  NextOwner,
  OutboxBlob,
  PartitionSession,
  Publisher,
  Timekeeper,
  TotalChange,
} from './ports';
export { DEFAULT_LIMITS, type Limits } from './shared';
export { Signing } from './signing';
export { tenantTime, timeReached } from './tenant-time';
export { type StateRow, StateRows } from './state-rows';
