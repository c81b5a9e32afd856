export { ACTIVITY_TYPES, type Activity, type ActivityType } from './activity/activity';
export {
  activityRecord,
  activitySchema,
  batchSchema,
  type CloudEvent,
  cloudEventSchema,
  type SegmentBatch,
  type SegmentMessage,
} from './activity/activity-schema';
export { type Decoded, decodeRecord } from './activity/decode';
export { isName, NAME_LIMIT, timeTextFlaw } from './activity/field-readers';
export { FORWARD_HEADER, forwardedHeaders } from './activity/forwarding';
export { readKey, type ReadKey } from './activity/read-record';
export { type Clock, CLOCK_TYPE, clockRecord, clockSchema } from './control/clock';
export {
  type Command,
  commandRecord,
  commandSchemas,
  type CommandType,
  MAX_AUTHOR,
  MAX_DEFINITION_BYTES,
  MAX_REASON,
  type TimeSource,
} from './control/command';
export {
  type ClockNumber,
  formatNumber,
  isLater,
  NUMBER_HEADER,
  parseClockNumber,
  parseCommandNumber,
  type Processor,
  PROCESSORS,
  type Seal,
  SIGNATURE_HEADER,
  signedBytes,
  type SignedHead,
} from './control/signature';
export {
  DEAD_LETTER_HEADER,
  type DeadLetter,
  deadLetterRecord,
  readDeadLetter,
} from './dead-letter/dead-letter-record';
export { DEAD_LETTER_CAUSES, type DeadLetterCause, poison, type Poison } from './dead-letter/poison';
export {
  CLOUD_EVENTS_VERSION,
  type Emission,
  emissionBytes,
  encodeFact,
  FACT_CONTENT,
  FACT_SOURCE,
  FACT_TOPICS,
  factId,
  isFact,
  type StatedFact,
  written,
} from './facts/emission';
export {
  type Cause,
  CAUSE_KINDS,
  type CustomerStateFact,
  type Fact,
  type SignalFact,
  signalFactSchema,
  type SignalFlip,
  type StageChanged,
  type StageChangedFact,
  stageChangedSchema,
  type Stamp,
  type StateFact,
  stateFactSchema,
} from './facts/fact';
export { factTime, type TextSink, writeFact } from './facts/fact-json';
export { reduce, type Reduced } from './facts/reduce';
export {
  BATCH_FRAMING_BYTES,
  envelopeBytes,
  hasHeader,
  type Header,
  type Headers,
  headersOf,
  headerText,
  type LogBatch,
  type LogRecord,
  type LogRecords,
  MAX_ACTIVITY_BYTES,
  MAX_DEAD_LETTER_BYTES,
  MAX_ENVELOPE_BYTES,
  MAX_RECORD_BYTES,
  NO_HEADERS,
  type OutHeader,
  type OutHeaders,
  type OutRecord,
  type Position,
  recordBytes,
  storedHeaders,
  valueBytes,
} from './record';
export { ENGINE_GROUP, type FactTopic, TOPIC, type TopicName } from './topics';
