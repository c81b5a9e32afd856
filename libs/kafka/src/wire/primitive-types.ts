/**
 * Kafka's primitive types, read and written: kafka.apache.org/protocol#protocol_types. Records have varints before their parts
 * (kafka.apache.org/documentation/#record), which are zigzag and base 128 as Protocol Buffers' (protobuf.dev/programming-guides/encoding).
 *
 * | type | bytes | meaning |
 * | --- | --- | --- |
 * | int8, int16, int32, int64 | 1, 2, 4, 8 | two's complement, big endian |
 * | string | 2 + n | length n (int16), UTF-8; -1: null |
 * | bytes, records | 4 + n | length n (int32), bytes; -1: null |
 * | array | 4 + ... | how many (int32), each of them |
 * | varint | 1 to 5 | int32 in zigzag (0, -1, 1, -2, ...), seven bits a byte, the lowest first; the highest bit: more follow |
 * | varlong | 1 to 10 | int64 in the same way |
 * | bytes in a record | 1 to 5 + n | length n (varint), bytes; -1: null |
 */
import type { TextSink } from '@perennial/contracts';

const MORE = 0x80;
const SEVEN_BITS = 0x7f;
const VARINT_BYTES = 5;

/** Reads values one after the other. Past the end throws RangeError. */
export class ResponseReader {
  position = 0;

  constructor(private readonly source: Buffer) {}

  get left(): number {
    return this.source.length - this.position;
  }

  int8(): number {
    return this.source.readInt8((this.position += 1) - 1);
  }

  int16(): number {
    return this.source.readInt16BE((this.position += 2) - 2);
  }

  int32(): number {
    return this.source.readInt32BE((this.position += 4) - 4);
  }

  /** Of numbers that are safe integers: offsets, times, ids. */
  int64(): number {
    const high = this.int32();
    return high * 4_294_967_296 + (this.int32() >>> 0);
  }

  string(): string {
    return this.bytes(this.int16()).toString('utf8');
  }

  /** A view; empty for a negative length. */
  bytes(length: number): Buffer {
    const start = this.position;
    if (length > this.left) throw new RangeError('it ends too early');
    this.position += Math.max(0, length);
    return this.source.subarray(start, this.position);
  }

  /** Also a varlong of up to 53 bits. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.source[this.position++];
      if (byte === undefined) throw new RangeError('it ends too early');
      value += (byte & SEVEN_BITS) * scale;
      if (byte < MORE) break;
      scale *= MORE;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Bytes after their length as a varint: a view, or null. */
  nullableBytes(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.bytes(length);
  }

  /** Nothing for a negative length, which stands for null. */
  skip(length: number): void {
    if (length > this.left) throw new RangeError('it ends too early');
    if (length > 0) this.position += length;
  }
}

const ASCII_END = 0x80;
const QUOTE = 0x22;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
/** Up to here a loop in JavaScript beats a call into C++. */
const SHORT = 48;
/** A UTF-16 code unit has at most three bytes in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;
/** They hold names of definitions: few. What goes beyond is written out each time. */
const MAX_FIXED_TEXTS = 4_096;

const fixedTexts = new Map<string, Uint8Array>();

/** A growing buffer that records are written into. */
export class RecordBuffer implements TextSink {
  bytes: Buffer;

  constructor(
    capacity: number,
    /** Where the next byte is written. */
    public position: number,
  ) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** Leaves room for the length of what is written next; give the answer to `endLengthPrefixed`, with the same expectation. */
  beginLengthPrefixed(expectedLength: number): number {
    this.reserve(VARINT_BYTES);
    const start = this.position;
    this.position += varintBytes(expectedLength);
    return start;
  }

  /** Writes the length before what was written since; where it takes other room than was left, that is moved. */
  endLengthPrefixed(start: number, expectedLength: number): void {
    this.reserve(VARINT_BYTES);
    const room = varintBytes(expectedLength);
    const end = this.position;
    const length = end - start - room;
    const needed = varintBytes(length);
    if (needed !== room) this.bytes.copyWithin(start + needed, start + room, end);
    this.position = start;
    this.varint(length);
    this.position = end + needed - room;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.position++] = value;
  }

  varint(value: number): void {
    this.reserve(VARINT_BYTES);
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest >= MORE) {
      this.bytes[this.position++] = (rest & SEVEN_BITS) | MORE;
      rest >>>= 7;
    }
    this.bytes[this.position++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  fixed(text: string): void {
    const known = fixedTexts.get(text);
    if (known !== undefined) this.raw(known);
    else if (fixedTexts.size < MAX_FIXED_TEXTS) this.raw(keep(text));
    else this.plain(text);
  }

  plain(text: string): void {
    this.reserve(text.length * MAX_BYTES_PER_UNIT);
    const { position } = this;
    if (text.length > SHORT || !this.ascii(text)) this.position = position + this.bytes.write(text, position, 'utf8');
  }

  quoted(text: string): void {
    this.reserve(text.length + 2);
    const { bytes, position } = this;
    bytes[position] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < SPACE || code >= ASCII_END || code === QUOTE || code === BACKSLASH) {
        this.plain(JSON.stringify(text));
        return;
      }
      bytes[position + 1 + index] = code;
    }
    bytes[position + 1 + text.length] = QUOTE;
    this.position = position + text.length + 2;
  }

  /** False, and nothing of it counts, when a character is not ASCII. */
  private ascii(text: string): boolean {
    const { bytes, position } = this;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= ASCII_END) return false;
      bytes[position + index] = code;
    }
    this.position = position + text.length;
    return true;
  }

  private reserve(more: number): void {
    if (this.position + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.position + more));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
  }
}

/** Bytes that a non-negative number takes as a varint. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest >= MORE; rest = Math.floor(rest / MORE)) bytes += 1;
  return bytes;
}

function keep(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  fixedTexts.set(text, bytes);
  return bytes;
}
