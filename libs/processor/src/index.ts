export type {
  Batch,
  DueRequest,
  Handler,
  OutboxWriter,
  ReadOutbox,
  ServiceTypes,
  StateCodec,
  TenantClocks,
} from './handler';
export { DEFAULT_LIMITS, type Limits } from './limits';
export { MicroBatch } from './micro-batch';
export type { ProcessorObserver, RetriedOperation } from './observer';
export type { OutboxReader, RequestSize } from './outbox/relay';
export type { LeaseTimes } from './ownership/lease';
export type {
  Claim,
  Commit,
  CommitResult,
  CrashPoint,
  CrashPoints,
  DeadlineChange,
  DueDeadline,
  DueQuery,
  EarliestQuery,
  FlowControl,
  NextOwner,
  OutboxBlob,
  PartitionSession,
  PartitionStore,
  Publisher,
  Timekeeper,
} from './ports';
export { Processor, type ProcessorOptions } from './processor';
export { type StateRow, StateRows } from './state-rows';
export { type Customer } from './working-set';
