export { logClosed, outsideLog, recordTooLarge, topicUnknown } from './errors';
export { createInProcessLog } from './in-process/in-process-log';
export type { InProcessLogOptions } from './in-process/in-process-log';
export { BatchStrategy } from './nest/batch-strategy';
export type { BatchStrategyOptions } from './nest/batch-strategy';
export { type LinkStatus, type OffsetGap, type StreamObserver, watchLink } from './observer';
export type {
  Acknowledged,
  ConsumerHandlers,
  Log,
  LogAdmin,
  LogConsumer,
  LogProducer,
  LogReader,
  PartitionOffsets,
  ReadOptions,
  TopicSpec,
} from './port';
export { prefixed } from './prefixed';
export { beforeEnd, startPositions } from './read-plan';
export { headerName, partitionOf } from './records';
export { createRemoteLog } from './remote/remote-log';
export { serveLog } from './remote/serve-log';
export type { ServedLog, ServeOptions } from './remote/serve-log';
export { type AssignedPartition, AsyncCondition, SubscriptionState, type Want } from './subscription-state';
export { refuseOtherTopic, topicSpecs } from './topics';
