import type { Headers, OutHeaders } from './headers';
import type { Instant } from '@perennial/values';

/** A record as read from the log, whatever the log. Bytes are not to be changed or kept beyond the batch. */
export interface LogRecord {
  readonly offset: number;
  /** The broker's append time. */
  readonly timestamp: Instant;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

/** Records in the order of the log; an array, or what reads each record when it is asked for. */
export interface LogRecords extends Iterable<LogRecord> {
  readonly length: number;
  /** From 0, or from -1 at the end. */
  at(index: number): LogRecord | undefined;
}

/**
 * Everything that readers may see of the offsets [fromOffset, nextOffset) of one partition. Not every offset is a record:
 * transaction markers, aborted transactions and what compaction removed are passed over, so `records` may be empty.
 */
export interface LogBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: LogRecords;
  /** Bytes that the records keep in memory until the last one of them was read. */
  readonly bytes: number;
  /** Offset at which the log was asked: where the batch before it ended. */
  readonly fromOffset: number;
  /** Offset to read next. Progress is this, not the offset after the last record (docs/adr/0022). */
  readonly nextOffset: number;
  /** Offset after the last record that exists in the partition, as the log said with this batch. */
  readonly highWatermark: number;
}

/** A record to be written. Without `partition` the key chooses it (murmur2, as the Java client does). */
export interface OutRecord {
  readonly topic: string;
  readonly partition?: number;
  /** Bytes where a key is passed on as received (it may not be UTF-8). */
  readonly key: string | Uint8Array | null;
  /** Text is written as UTF-8. */
  readonly value: string | Uint8Array | null;
  readonly headers: OutHeaders;
}

const utf8 = new TextEncoder();

/** The value as it is written. */
export function valueBytes({ value }: Pick<OutRecord, 'value'>): Uint8Array | null {
  return typeof value === 'string' ? utf8.encode(value) : value;
}

/** Where an input stands in the log; the identity of everything it causes. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}
