export { abortable } from './abortable';
export { errorText } from './error-text';
export { logClosed, outsideLog, recordTooLarge, topicUnknown } from './errors';
export { createInProcessLog } from './in-process/in-process-log';
export type { InProcessLogOptions } from './in-process/in-process-log';
export { BatchStrategy } from './nest/batch-strategy';
export type { BatchStrategyOptions } from './nest/batch-strategy';
export { type LinkStatus, type OffsetGap, SILENT, type StreamObserver } from './observer';
export { watchLink } from './watch-link';
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
export { headerName } from './records';
export { createRemoteLog } from './remote/remote-log';
export { serveLog } from './remote/serve-log';
export type { ServedLog, ServeOptions } from './remote/serve-log';
export { partitionOf } from './routing';
export { type Flow, PartitionFlows, type Want } from './subscription-state';
export { refuseOtherTopic, topicSpecs } from './topics';
export { Wake } from './wake';
