export { createKafkaLog } from './kafka-log';
export type { KafkaLogOptions, StreamLogger } from './options';
