export { Engine, type EngineOptions } from './engine';
export type { LeaseTimes } from './lease';
export { type EngineObserver, OUTCOMES, type OutcomeName, type Retried } from './observer';
export { decodeOutbox } from './outbox/decode-outbox';
export { Plans } from './plans';
export type {
  Bootstrap,
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
  StateRow,
  TenantState,
  Timekeeper,
  TotalChange,
} from './ports';
export { DEFAULT_LIMITS, type Limits } from './shared';
export { Signing } from './signing';
export { tenantTime } from './tenant-time';
export { StateRows } from './state-rows';
