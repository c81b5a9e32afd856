import { StringInterner } from './string-interner';
import { INT32, NONE, SMALL, NO_INSTANT } from './profile-number';
import { type ByteSlice, sliceOf } from './byte-slice';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const names = new StringInterner(decoder);

/**
 * Reads what `ByteWriter` wrote; the bytes of each primitive are listed there. Reading past the end throws RangeError, for single
 * numbers at the latest with `rest`.
 */
export class ByteReader {
  private readonly source: Uint8Array;
  private readonly view: DataView;
  private readonly end: number;
  private position: number;

  constructor({ bytes, view, start, end }: ByteSlice) {
    this.source = bytes;
    this.view = view;
    this.end = end;
    this.position = start;
  }

  /** Of all bytes, or of those from a place on. */
  static of(bytes: Uint8Array, from = 0): ByteReader {
    const reader = new ByteReader(sliceOf(bytes));
    reader.position = from;
    return reader;
  }

  /** Where the next read begins. */
  get at(): number {
    return this.position;
  }

  /** One byte back: it is read again. */
  back(): void {
    this.position -= 1;
  }

  byte(): number {
    return this.view.getUint8(this.position++);
  }

  double(): number {
    const value = this.view.getFloat64(this.position, true);
    this.position += 8;
    return value;
  }

  uint32(): number {
    const value = this.view.getUint32(this.position);
    this.position += 4;
    return value;
  }

  count(): number {
    const first = this.view.getUint8(this.position++);
    if (first < 128) return first;
    let value = first & 127;
    for (let scale = 128; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  text(): string {
    return decoder.decode(this.bytes());
  }

  /** A text that comes again and again: the same string each time, and seldom decoded. */
  name(): string {
    const length = this.count();
    return names.read(this.source, this.skip(length), length);
  }

  /** A view. */
  bytes(): Uint8Array {
    const length = this.count();
    const start = this.skip(length);
    return this.source.subarray(start, this.position);
  }

  /** Where the next so many bytes are; they are passed over. */
  slice(length: number): ByteSlice {
    const start = this.skip(length);
    return { bytes: this.source, view: this.view, start, end: this.position };
  }

  /** Where all that is left is. */
  rest(): ByteSlice {
    return this.slice(this.end - this.position);
  }

  optional<T>(read: () => T): T | null {
    return this.byte() === 0 ? null : read();
  }

  list<T>(read: () => T): T[] {
    const length = this.count();
    const values: T[] = [];
    for (let i = 0; i < length; i++) values.push(read());
    return values;
  }

  /** As many as in `like`; null when there are others. A copy that is filled in: growing an array costs more. */
  numbers(like: readonly number[]): number[] | null {
    if (this.count() !== like.length) return null;
    const values = like.slice();
    for (let i = 0; i < values.length; i++) values[i] = this.number();
    return values;
  }

  /** As many as in `like`; null when there are others. */
  flags(like: readonly boolean[]): boolean[] | null {
    if (this.count() !== like.length) return null;
    const values = like.slice();
    for (let i = 0, bits = 0; i < values.length; i++) {
      if ((i & 7) === 0) bits = this.byte();
      values[i] = (bits & (1 << (i & 7))) !== 0;
    }
    return values;
  }

  private number(): number {
    const form = this.byte();
    if (form < SMALL) return form;
    if (form === NONE) return NO_INSTANT;
    if (form !== INT32) return this.double();
    const value = this.view.getInt32(this.position, true);
    this.position += 4;
    return value;
  }

  /** Where it began. */
  private skip(length: number): number {
    const start = this.position;
    this.position += length;
    if (length < 0 || this.position > this.end) throw new RangeError('read past the end');
    return start;
  }
}
