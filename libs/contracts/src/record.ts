/** A record of the log: as it is read, as it is to be written, its headers, and how large it may be. */
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

/** Where an input stands in the log; the identity of everything it causes. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * Headers of a record: a list, as the log has it. A name may occur several times, and values are bytes that need not be text.
 * Whoever reads a header by its name takes the last of that name, as Kafka's `Headers.lastHeader` does
 * (https://kafka.apache.org/39/javadoc/org/apache/kafka/common/header/Headers.html).
 */
export interface Header {
  /** Bytes where the name is not UTF-8. */
  readonly name: string | Uint8Array;
  /** Null is another value than none. */
  readonly value: Uint8Array | null;
}
export type Headers = readonly Header[];

/** A header to be written. */
export interface OutHeader {
  readonly name: string | Uint8Array;
  /** Text is written as UTF-8. */
  readonly value: string | Uint8Array | null;
}
export type OutHeaders = readonly OutHeader[];

export const NO_HEADERS: Headers = [];

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The value as it is written. */
export function valueBytes({ value }: Pick<OutRecord, 'value'>): Uint8Array | null {
  return typeof value === 'string' ? encoder.encode(value) : value;
}

/** A header for each name, in the order of the object. */
export function headersOf(texts: Readonly<Record<string, string>>): OutHeaders {
  return Object.entries(texts).map(([name, value]) => ({ name, value }));
}

/** The last value of a name as text; undefined when there is none, or it is null; null when it is not UTF-8. */
export function headerText(headers: OutHeaders, name: string): string | null | undefined {
  for (let index = headers.length - 1; index >= 0; index--) {
    const header = headers[index];
    if (header?.name !== name) continue;
    return header.value === null ? undefined : textOf(header.value);
  }
  return undefined;
}

/**
 * The texts of all headers whose names begin with `prefix`, by the rest of the name; of several with one name the last, none
 * where that is null. Null when one that counts is not UTF-8.
 */
export function headerTexts(headers: OutHeaders, prefix: string): Readonly<Record<string, string>> | null {
  const values = new Map<string, OutHeader['value']>();
  for (const { name, value } of headers)
    if (typeof name === 'string' && name.startsWith(prefix)) values.set(name, value);
  const texts: Record<string, string> = {};
  for (const [name, value] of values) {
    if (value === null) continue;
    const text = textOf(value);
    if (text === null) return null;
    texts[name.slice(prefix.length)] = text;
  }
  return texts;
}

export const hasHeader = (headers: OutHeaders, name: string): boolean => headers.some((header) => header.name === name);

/** As a log keeps them: bytes of its own. */
export function storedHeaders(headers: OutHeaders): Headers {
  return headers.map(({ name, value }) => ({
    name: typeof name === 'string' ? name : name.slice(),
    value: typeof value === 'string' ? encoder.encode(value) : (value?.slice() ?? null),
  }));
}

function textOf(value: string | Uint8Array): string | null {
  if (typeof value === 'string') return value;
  try {
    return decoder.decode(value);
  } catch {
    return null;
  }
}

// Sizes in bytes, as Kafka stores a record before it is compressed (record batch, magic 2:
// https://kafka.apache.org/documentation/#recordbatch). Never less than what is stored; a little more where lengths are short.

/** Of a record beside key, value and headers: its length, attributes, two deltas and three lengths, each at its longest. */
const RECORD_FRAMING_BYTES = 36;
/** Of a header beside name and value: two lengths of up to five bytes. */
const HEADER_FRAMING_BYTES = 10;
/** Of a batch beside its records. */
export const BATCH_FRAMING_BYTES = 61;

/** What a record takes in a batch. */
export function recordBytes(record: Pick<OutRecord, 'key' | 'value' | 'headers'>): number {
  return RECORD_FRAMING_BYTES + envelopeBytes(record) + byteLength(record.value);
}

/** Names, values and framing of all headers. */
function headerBytes({ headers }: Pick<OutRecord, 'headers'>): number {
  let bytes = 0;
  for (const { name, value } of headers) bytes += byteLength(name) + byteLength(value) + HEADER_FRAMING_BYTES;
  return bytes;
}

/** Key and headers: what {@link MAX_ENVELOPE_BYTES} bounds. */
export function envelopeBytes(record: Pick<OutRecord, 'key' | 'headers'>): number {
  return byteLength(record.key) + headerBytes(record);
}

/** Bytes in UTF-8; 0 for null. */
export function byteLength(piece: string | Uint8Array | null): number {
  if (typeof piece !== 'string') return piece?.length ?? 0;
  let bytes = piece.length;
  for (let index = 0; index < piece.length; index++) {
    const unit = piece.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate is half of a character of four bytes; alone it is written as U+FFFD, of three.
    bytes += unit < 0x800 || isPaired(piece, index, unit) ? 1 : 2;
  }
  return bytes;
}

function isPaired(text: string, index: number, unit: number): boolean {
  if (unit >= 0xd800 && unit < 0xdc00) return isLow(text.charCodeAt(index + 1));
  return isLow(unit) && isHigh(text.charCodeAt(index - 1));
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

const KIB = 1024;

/** The largest value of a record that is taken, in bytes. Topics allow a little more, so that what is larger is not lost but set aside. */
export const MAX_ACTIVITY_BYTES = 1024 * KIB;
/** Key and headers of a record that is taken, in bytes together, ten more for each header. */
export const MAX_ENVELOPE_BYTES = 32 * KIB;
/** What forwarding adds to the headers at most; a record with headers of forwarding is taken with so much more. */
export const MAX_FORWARDING_BYTES = 512;
/** Key, headers and value of the largest record the activity topic takes uncompressed; a compressed one may unpack to any size. */
export const MAX_RECORD_BYTES = MAX_ACTIVITY_BYTES + 64 * KIB;
/** The largest record of the dead-letter topic: room for the headers that say why, and for framing. */
export const MAX_DEAD_LETTER_BYTES = MAX_RECORD_BYTES + 64 * KIB;
