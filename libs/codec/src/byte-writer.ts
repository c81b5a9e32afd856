/**
 * Primitives as bytes, of which every stored format is made (snapshot, outbox, state log). {@link ByteWriter} writes them,
 * `ByteReader` reads them.
 *
 * | written by | read by | bytes |
 * | --- | --- | --- |
 * | `byte` | `byte` | 1 |
 * | `double` | `double` | 8: IEEE 754 double, little-endian |
 * | `count` | `count` | 1 to 8: unsigned LEB128 (DWARF 5, section 7.6) of a safe integer from 0 |
 * | `text` | `text`, `name` | count of the UTF-8 bytes, then these |
 * | `bytes` | `bytes` | count, then these |
 * | `slice` | `slice`, `rest` | these, without a length |
 * | `reserveLength`, `patchLength` | `uint32`, then `slice` | 4: uint32, big-endian; then so many |
 * | `optional` | `optional` | 1: 0 for null; else 1, then the value |
 * | `count`, then each | `list` | count, then each |
 * | `numbers` | `numbers` | count, then each as below |
 * | `flags` | `flags` | count, then 1 for each eight: the first is the lowest bit |
 *
 * A number of `numbers` begins with a byte that says how it is written; 0xfc is not used.
 *
 * | first byte | what follows |
 * | --- | --- |
 * | 0x00 to 0xfb | nothing: the byte is the number |
 * | 0xfd `NONE` | nothing: {@link NO_INSTANT} |
 * | 0xfe `INT32` | 4: int32, little-endian |
 * | 0xff `DOUBLE` | 8: IEEE 754 double, little-endian |
 */
import { type ByteSlice, copySlice } from './byte-slice';

/** Stands for "not yet" where a number of a profile is an instant. */
export const NO_INSTANT = -1e300;

/** First byte of a number: less than this, it is the number. For the reader, as those below; see the table. */
export const SMALL = 0xfc;
/** First byte of a number: it is {@link NO_INSTANT}. */
export const NONE = 0xfd;
/** First byte of a number: an int32 follows. */
export const INT32 = 0xfe;
/** First byte of a number: a double follows. */
const DOUBLE = 0xff;

const LENGTH_BYTES = 4;

/** Appends primitives to a buffer that grows. */
export class ByteWriter {
  private buffer = new Uint8Array(1024);
  private view = new DataView(this.buffer.buffer);
  private length = 0;
  private readonly encoder = new TextEncoder();

  /** Bytes written since the last `finish`. */
  get size(): number {
    return this.length;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  double(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** A non-negative safe integer. */
  count(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 128) {
      this.buffer[this.length++] = rest % 128 | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
  }

  text(value: string): void {
    const size = value.length;
    this.reserve(size + 8);
    const start = this.length;
    this.count(size);
    const { buffer } = this;
    const at = this.length;
    for (let index = 0; index < size; index++) {
      const code = value.charCodeAt(index);
      if (code >= 128) {
        this.length = start;
        this.bytes(this.encoder.encode(value));
        return;
      }
      buffer[at + index] = code;
    }
    this.length = at + size;
  }

  bytes(value: Uint8Array): void {
    this.count(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  /** As they are: their length is not written. */
  slice(slice: ByteSlice): void {
    const length = slice.end - slice.start;
    this.reserve(length);
    copySlice(slice, this.buffer, this.view, this.length);
    this.length += length;
  }

  /** Room for the length of what follows; returns its offset, for `patchLength`. */
  reserveLength(): number {
    this.reserve(LENGTH_BYTES);
    this.length += LENGTH_BYTES;
    return this.length - LENGTH_BYTES;
  }

  /** Writes the length (uint32, big-endian) of all bytes since `reserved` into it. Returns those bytes, valid until the next write. */
  patchLength(reserved: number): ByteSlice {
    const start = reserved + LENGTH_BYTES;
    this.view.setUint32(reserved, this.length - start);
    return { bytes: this.buffer, view: this.view, start, end: this.length };
  }

  /** Of a profile: small ones take little room. */
  numbers(values: readonly number[]): void {
    this.count(values.length);
    this.reserve(9 * values.length);
    for (let index = 0; index < values.length; index++) this.number(values[index] ?? Number.NaN);
  }

  flags(values: readonly boolean[]): void {
    this.count(values.length);
    let bits = 0;
    for (let index = 0; index < values.length; index++) {
      if (values[index] === true) bits |= 1 << (index & 7);
      if ((index & 7) !== 7 && index !== values.length - 1) continue;
      this.byte(bits);
      bits = 0;
    }
  }

  optional<T>(value: T | null, write: (value: T) => void): void {
    this.byte(value === null ? 0 : 1);
    if (value !== null) write(value);
  }

  /** A copy of what was written; the writer is empty again. */
  finish(): Uint8Array {
    const finished = this.buffer.slice(0, this.length);
    this.length = 0;
    return finished;
  }

  /** There is room for it. */
  private number(value: number): void {
    const { buffer, view } = this;
    const whole = value | 0;
    if (whole !== value) {
      if (value === NO_INSTANT) {
        buffer[this.length++] = NONE;
        return;
      }
      buffer[this.length++] = DOUBLE;
      view.setFloat64(this.length, value, true);
      this.length += 8;
    } else if (whole >= 0 && whole < SMALL) buffer[this.length++] = whole;
    else {
      buffer[this.length++] = INT32;
      view.setInt32(this.length, whole, true);
      this.length += 4;
    }
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    grown.set(this.buffer);
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}
