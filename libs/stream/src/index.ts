export { abortable } from './abortable';
export { createInProcessLog } from './in-process/in-process-log';
export type { InProcessLogOptions } from './in-process/in-process-log';
export { createKafkaLog } from './kafka/kafka-log';
export type { KafkaLogOptions, StreamLogger } from './kafka/options';
export { BatchStrategy } from './nest/batch-strategy';
export type { BatchStrategyOptions } from './nest/batch-strategy';
export type { LinkStatus, OffsetGap, StreamObserver } from './observer';
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
export { createRemoteLog } from './remote/remote-log';
export { serveLog } from './remote/serve-log';
export type { ServedLog, ServeOptions } from './remote/serve-log';
export { topicSpecs } from './topics';
