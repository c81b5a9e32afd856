/**
 * Writes records in Kafka's format (record batch, magic 2) into one growing buffer. kafkajs makes an encoder and several
 * buffers for each field; facts are most of what the engine writes, so their bytes are written once and copied never.
 */
import type { Headers, OutRecord } from '@perennial/contracts';
import { crc32c } from './crc32c';

/** Who sends a batch, for the broker to know a repeat. */
export interface Stamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Of the first record; rises by one with each record of a partition. */
  readonly sequence: number;
  /** Milliseconds; topics that take the broker's append time do not read it. */
  readonly timestamp: number;
}

const LENGTH_AT = 8;
const MAGIC_AT = 16;
const CRC_AT = 17;
const CHECKED_FROM = 21;
const LAST_DELTA_AT = 23;
const TIMESTAMPS_AT = 27;
const PRODUCER_AT = 43;
const COUNT_AT = 57;
const HEADER_BYTES = 61;
const MAGIC = 2;
/** Longest a varint of 32 bits gets. */
const VARINT = 5;
const ASCII = 0x80;
/** Up to here a loop in JavaScript beats a call into C++. */
const SHORT = 48;

export class BatchWriter {
  count = 0;
  private buffer: Buffer;
  private at = HEADER_BYTES;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** Bytes of the batch so far. */
  get length(): number {
    return this.at;
  }

  /** False, and nothing is written, when the batch has records and would be longer than `limit`. */
  append(record: OutRecord, limit: number): boolean {
    const start = this.at;
    this.reserve(mostBytes(record));
    const body = start + 2;
    this.at = body;
    this.buffer[this.at++] = 0; // no attributes
    this.buffer[this.at++] = 0; // timestamp of the batch
    this.varint(this.count);
    this.piece(record.key);
    this.piece(record.value);
    this.headers(record.headers);
    this.measured(start, 2);
    if (this.count > 0 && this.at > limit) {
      this.at = start;
      return false;
    }
    this.count += 1;
    return true;
  }

  /** The batch, ready to be sent. May be asked for again, for another sender. */
  finish({ producerId, producerEpoch, sequence, timestamp }: Stamp): Uint8Array {
    const { buffer, at: end } = this;
    buffer.writeBigInt64BE(0n, 0);
    buffer.writeInt32BE(end - LENGTH_AT - 4, LENGTH_AT);
    buffer.writeInt32BE(0, LENGTH_AT + 4);
    buffer[MAGIC_AT] = MAGIC;
    buffer.writeInt16BE(0, CHECKED_FROM);
    buffer.writeInt32BE(this.count - 1, LAST_DELTA_AT);
    buffer.writeBigInt64BE(BigInt(timestamp), TIMESTAMPS_AT);
    buffer.writeBigInt64BE(BigInt(timestamp), TIMESTAMPS_AT + 8);
    buffer.writeBigInt64BE(producerId, PRODUCER_AT);
    buffer.writeInt16BE(producerEpoch, PRODUCER_AT + 8);
    buffer.writeInt32BE(sequence, PRODUCER_AT + 10);
    buffer.writeInt32BE(this.count, COUNT_AT);
    buffer.writeUInt32BE(crc32c(buffer, CHECKED_FROM, end), CRC_AT);
    return buffer.subarray(0, end);
  }

  private headers(headers: Headers): void {
    const start = this.at;
    let count = 0;
    this.at += 1;
    for (const name in headers) {
      this.text(name);
      this.text(headers[name] ?? '');
      count += 1;
    }
    const end = this.at;
    this.at = start;
    const bytes = varintBytes(count);
    if (bytes > 1) this.buffer.copyWithin(start + bytes, start + 1, end);
    this.varint(count);
    this.at = end + bytes - 1;
  }

  private piece(piece: string | Uint8Array | null): void {
    if (piece === null) this.varint(-1);
    else if (typeof piece === 'string') this.text(piece);
    else {
      this.varint(piece.length);
      this.buffer.set(piece, this.at);
      this.at += piece.length;
    }
  }

  private text(text: string): void {
    const start = this.at;
    const room = varintBytes(text.length);
    this.at += room;
    if (text.length > SHORT || !this.ascii(text)) {
      this.at = start + room + this.buffer.write(text, start + room, 'utf8');
    }
    this.measured(start, room);
  }

  /** False, and nothing of it counts, when a character is not ASCII. */
  private ascii(text: string): boolean {
    const { buffer, at } = this;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= ASCII) return false;
      buffer[at + index] = code;
    }
    this.at = at + text.length;
    return true;
  }

  /** Puts the length of what was written after `room` bytes before it, which is moved where the length takes other room. */
  private measured(start: number, room: number): void {
    const end = this.at;
    const length = end - start - room;
    const bytes = varintBytes(length);
    if (bytes !== room) this.buffer.copyWithin(start + bytes, start + room, end);
    this.at = start;
    this.varint(length);
    this.at = end + bytes - room;
  }

  /** Zigzag, seven bits a byte. */
  private varint(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest >= ASCII) {
      this.buffer[this.at++] = (rest & 127) | ASCII;
      rest >>>= 7;
    }
    this.buffer[this.at++] = rest;
  }

  private reserve(more: number): void {
    if (this.at + more <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + more));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest >= ASCII; rest = Math.floor(rest / ASCII)) bytes += 1;
  return bytes;
}

/** A UTF-16 code unit has at most three bytes in UTF-8. */
function mostBytes({ key, value, headers }: OutRecord): number {
  let units = (key?.length ?? 0) + (value?.length ?? 0);
  let pieces = 6;
  for (const name in headers) {
    units += name.length + (headers[name] ?? '').length;
    pieces += 2;
  }
  return units * 3 + pieces * VARINT;
}
