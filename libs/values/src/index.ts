export { formatDuration, parseDuration, type ParsedDuration } from './duration';
export {
  ConcurrencyConflict,
  errorText,
  fileTrouble,
  InvalidInput,
  InvariantViolation,
  RetryableError,
} from './errors';
export {
  type CustomerId,
  type CustomerKey,
  customerId,
  customerKey,
  DEFAULT_TENANT,
  type Instant,
  isStorable,
  type KeyParts,
  MAX_TENANT,
  MAX_TEXT,
  type Millis,
  parseKey,
  STORABLE,
  type TenantId,
  tenantId,
} from './ids';
export { isObject, isShallow, type Json, type JsonObject } from './json';
export { formatMinorUnits, MAX_AMOUNT, minorUnitExponent, toMinorUnits, toWholeNumber } from './money';
export { murmur2, partitionFor } from './murmur2';
export { excerpt, printable } from './printable';
export { daysInMonth, formatInstant, LAST_INSTANT, parseInstant } from './rfc3339';
