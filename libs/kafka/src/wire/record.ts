/**
 * A record within a batch of format version 2: kafka.apache.org/documentation/#record (KIP-98). Types are those of primitive-types.ts.
 *
 * | field | type | meaning |
 * | --- | --- | --- |
 * | length | varint | of what follows, in bytes |
 * | attributes | int8 | none is defined: 0 |
 * | timestamp delta | varlong | ms after the base timestamp of the batch; always 0 where we write |
 * | offset delta | varint | after the base offset of the batch |
 * | key | bytes in a record | null: none |
 * | value | bytes in a record | null: a tombstone |
 * | headers | varint | how many; for each: |
 * | header's name | bytes in a record | UTF-8, never null |
 * | header's value | bytes in a record | may be null |
 */
import {
  CLOUD_EVENTS_VERSION,
  type Emission,
  FACT_CONTENT,
  FACT_SOURCE,
  FACT_TOPICS,
  factId,
  factTime,
  type Header,
  type Headers,
  isFact,
  type LogRecord,
  type LogRecords,
  NO_HEADERS,
  type OutRecord,
  type StatedFact,
  writeFact,
} from '@perennial/contracts';
import { headerName } from '@perennial/stream';
import { RecordBuffer, ResponseReader } from './primitive-types';

/** Records are decompressed, and handed to readers, in blocks of about so many bytes. */
export const BLOCK_BYTES = 1024 * 1024;

/** What the header of a batch says of its records. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** In ms; null: all records have the broker's append time. */
  readonly baseTimestamp: number | null;
  readonly appendTime: number;
}

/**
 * Records kept as bytes, each read when it is asked for: what waits in a queue is then one object for hundreds of records, and the
 * garbage collector has nothing to move about (docs/adr/0020). That they can be read is checked by the constructor.
 */
export class LazyRecordBatch implements LogRecords {
  /** Where each record begins, after its length. */
  private readonly starts: Uint32Array;
  private readonly reader: ResponseReader;

  /** Throws when the bytes are not so many records. */
  constructor(
    bytes: Buffer,
    readonly length: number,
    private readonly header: BatchHeader,
  ) {
    if (length > bytes.length) throw new Error(`${bytes.length} bytes are not ${length} records`);
    this.reader = new ResponseReader(bytes);
    this.starts = new Uint32Array(length);
    for (let index = 0; index < length; index++) this.pass(index);
  }

  at(index: number): LogRecord | undefined {
    const place = index < 0 ? this.length + index : index;
    if (place < 0 || place >= this.length) return undefined;
    const { reader } = this;
    const { baseOffset, baseTimestamp, appendTime } = this.header;
    reader.position = this.starts[place] ?? 0;
    reader.int8(); // attributes
    const timestampDelta = reader.varint();
    return {
      offset: baseOffset + reader.varint(),
      timestamp: baseTimestamp === null ? appendTime : baseTimestamp + timestampDelta,
      key: reader.nullableBytes(),
      value: reader.nullableBytes(),
      headers: readHeaders(reader),
    };
  }

  [Symbol.iterator](): Iterator<LogRecord> {
    return inOrder(this);
  }

  /** Notes where the next record is, and passes over it. */
  private pass(index: number): void {
    const { reader } = this;
    const length = reader.varint();
    const start = reader.position;
    this.starts[index] = start;
    reader.skip(1); // attributes
    reader.varint(); // timestamp delta
    const offset = this.header.baseOffset + reader.varint();
    reader.skip(reader.varint()); // key
    reader.skip(reader.varint()); // value
    for (let left = reader.varint(); left > 0; left--) {
      reader.skip(reader.varint()); // name
      reader.skip(reader.varint()); // value
    }
    if (reader.position !== start + length) throw new Error(`the record at offset ${offset} is damaged`);
  }
}

/** Each when it is asked for. */
export function* inOrder(records: LogRecords): Generator<LogRecord> {
  for (let index = 0; index < records.length; index++) {
    const record = records.at(index);
    if (record !== undefined) yield record;
  }
}

function readHeaders(reader: ResponseReader): Headers {
  const count = reader.varint();
  if (count === 0) return NO_HEADERS;
  const headers: Header[] = [];
  for (let left = count; left > 0; left--) {
    const name = reader.nullableBytes();
    headers.push({ name: name === null ? '' : headerName(name), value: reader.nullableBytes() });
  }
  return headers;
}

/** In bytes: close enough for the length to take the room that is left for it. */
const EXPECTED_RECORD = 500;
const EXPECTED_TEXT = 32;

/** Appends a record; its timestamp is that of the batch. */
export function writeRecord(out: RecordBuffer, emission: Emission, offsetDelta: number): void {
  const start = out.beginLengthPrefixed(EXPECTED_RECORD);
  out.byte(0); // attributes
  out.byte(0); // timestamp delta
  out.varint(offsetDelta);
  if (isFact(emission)) writeFactFields(out, emission);
  else writeFields(out, emission);
  out.endLengthPrefixed(start, EXPECTED_RECORD);
}

function writeFields(out: RecordBuffer, { key, value, headers }: OutRecord): void {
  writeNullable(out, key);
  writeNullable(out, value);
  out.varint(headers.length);
  for (const header of headers) {
    writeNullable(out, header.name);
    writeNullable(out, header.value);
  }
}

function writeNullable(out: RecordBuffer, part: string | Uint8Array | null): void {
  if (part === null) out.varint(-1);
  else if (typeof part === 'string') {
    const expected = part.length < EXPECTED_TEXT ? EXPECTED_TEXT : part.length;
    const start = out.beginLengthPrefixed(expected);
    out.plain(part);
    out.endLengthPrefixed(start, expected);
  } else {
    out.varint(part.length);
    out.raw(part);
  }
}

/** As {@link writeNullable}, for texts that are short: the compiler knows the length that is expected. */
function writeShort(out: RecordBuffer, text: string): void {
  const start = out.beginLengthPrefixed(EXPECTED_TEXT);
  out.plain(text);
  out.endLengthPrefixed(start, EXPECTED_TEXT);
}

const FACT_HEADERS = 7;

/**
 * Key, value and headers of a fact, without the record, headers and text in between: facts are most of what an engine writes.
 * The bytes are those of the record that `encodeFact` makes.
 */
function writeFactFields(out: RecordBuffer, { fact, stamp, index }: StatedFact): void {
  const key = out.beginLengthPrefixed(EXPECTED_TEXT);
  out.plain(stamp.tenant);
  out.fixed(':');
  out.plain(stamp.customer);
  out.endLengthPrefixed(key, EXPECTED_TEXT);
  const value = out.beginLengthPrefixed(EXPECTED_RECORD);
  writeFact(out, fact, stamp);
  out.endLengthPrefixed(value, EXPECTED_RECORD);
  out.varint(FACT_HEADERS);
  out.raw(BEFORE_ID);
  writeShort(out, factId(stamp, index));
  out.raw(BEFORE_SUBJECT[fact.kind]);
  writeShort(out, stamp.customer);
  out.raw(BEFORE_TIME);
  writeShort(out, factTime(stamp));
  out.raw(AFTER_TIME);
}

/** Names and values of headers that are always the same, with their lengths before them. */
function constant(...texts: readonly string[]): Uint8Array {
  const out = new RecordBuffer(EXPECTED_RECORD, 0);
  for (const text of texts) writeShort(out, text);
  return out.bytes.subarray(0, out.position);
}

const beforeSubject = (topic: string): Uint8Array => constant('ce_type', topic, 'ce_source', FACT_SOURCE, 'ce_subject');

const BEFORE_ID = constant('ce_specversion', CLOUD_EVENTS_VERSION, 'ce_id');
const BEFORE_SUBJECT = {
  'stage-changed': beforeSubject(FACT_TOPICS['stage-changed']),
  signal: beforeSubject(FACT_TOPICS.signal),
  state: beforeSubject(FACT_TOPICS.state),
} as const;
const BEFORE_TIME = constant('ce_time');
const AFTER_TIME = constant('content-type', FACT_CONTENT);
