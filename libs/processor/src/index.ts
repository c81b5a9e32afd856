export type { Batch, DueRequest, Handler, ReadOutbox, ServiceTypes, TenantClocks } from './handler';
export { MicroBatch } from './micro-batch';
export type { ProcessorObserver, RetriedOperation } from './observer';
export { DEFAULT_LIMITS, type Limits, type ProcessorOptions } from './options';
export type { OutboxReader, OutboxWriter, RequestSize } from './outbox/blob';
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
export { Processor } from './processor';
export { type StateCodec, type StateRow, StateRows } from './state-rows';
export { type Customer } from './working-set';
