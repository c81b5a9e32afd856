export { ACTIVITY_TYPES } from './activity';
export type { Activity, ActivityType } from './activity';
export { activitySchema, batchSchema, cloudEventSchema } from './activity-schema';
export type { CloudEvent, SegmentBatch, SegmentMessage } from './activity-schema';
export { CLOCK_TYPE, clockSchema } from './clock';
export type { Clock } from './clock';
export { commandSchemas, timeSourceSchema } from './command';
export type { Command, CommandType, TimeSource } from './command';
export { DEAD_LETTER_CAUSES, poison } from './dead-letter';
export type { DeadLetterCause, Poison } from './dead-letter';
export { DEAD_LETTER_HEADER, deadLetterRecord } from './dead-letter-record';
export { decodeRecord } from './decode';
export type { Decoded } from './decode';
export { isFact, written } from './emission';
export type { Emission, StatedFact } from './emission';
export {
  CLOUD_EVENTS_VERSION,
  encodeFact,
  FACT_CONTENT,
  FACT_SOURCE,
  FACT_TOPICS,
  factId,
  factTime,
  writeFact,
} from './encode-fact';
export type { TextSink } from './text-sink';
export { activityRecord, clockRecord, commandRecord } from './encode-input';
export type { CustomerStateFact, Fact, SignalFlip, StageChangedFact, Stamp } from './fact';
export {
  CAUSE_KINDS,
  causeSchema,
  correctionSchema,
  signalFactSchema,
  stageChangedSchema,
  stateFactSchema,
} from './facts';
export type { Cause, SignalFact, StageChanged, StateFact } from './facts';
export { FORWARD_HEADER, forwardedHeaders } from './forward-header';
export { hasHeader, headersOf, headerText, NO_HEADERS, storedHeaders } from './headers';
export type { Header, Headers, OutHeader, OutHeaders } from './headers';
export {
  MAX_ACTIVITY_BYTES,
  MAX_AUTHOR,
  MAX_DEAD_LETTER_BYTES,
  MAX_DEFINITION_BYTES,
  MAX_ENVELOPE_BYTES,
  MAX_REASON,
  MAX_RECORD_BYTES,
} from './limits';
export { valueBytes } from './log-record';
export { readKey, type ReadKey } from './read-key';
export type { LogBatch, LogRecord, LogRecords, OutRecord, Position } from './log-record';
export { readDeadLetter } from './read-dead-letter';
export type { DeadLetter } from './read-dead-letter';
export { BATCH_FRAMING_BYTES, emissionBytes, envelopeBytes, recordBytes } from './record-size';
export { isName, NAME_LIMIT } from './readings';
export { reduce } from './reduce';
export type { Reduced } from './reduce';
export { NUMBER_HEADER, SIGNATURE_HEADER, signedBytes } from './signature';
export type { Seal, SignedHead } from './signature';
export { formatNumber, isLater, parseClockNumber, parseCommandNumber, PROCESSORS } from './signed-number';
export type { ClockNumber, Processor } from './signed-number';
export { timeTextFlaw } from './time-flaw';
export { ENGINE_GROUP, TOPIC } from './topics';
export type { FactTopic, TopicName } from './topics';
