import { type ByteSlice, sliceOf } from './byte-slice';
import { INT32, NO_INSTANT, NONE, SMALL } from './byte-writer';

/** As many as the states and signals of a few definitions; a name that does not fit is decoded each time. */
const PLACES = 1024;
const LONGEST = 128;

/**
 * Strings by their UTF-8 bytes: names of states and signals are read millions of times, and decoding takes longer than looking.
 * Direct-mapped: a name takes the place of another with the same hash.
 */
export class StringInterner {
  private readonly bytes = new Array<Uint8Array | undefined>(PLACES);
  private readonly texts = new Array<string>(PLACES).fill('');

  constructor(private readonly decoder: { decode(bytes: Uint8Array): string }) {}

  read(source: Uint8Array, start: number, length: number): string {
    if (length > LONGEST) return this.decoder.decode(source.subarray(start, start + length));
    const place = placeOf(source, start, length);
    const known = this.bytes[place];
    if (known !== undefined && isAt(known, source, start, length)) return this.texts[place] ?? '';
    const bytes = source.slice(start, start + length);
    const text = this.decoder.decode(bytes);
    this.bytes[place] = bytes;
    this.texts[place] = text;
    return text;
  }
}

/** The polynomial hash of `java.lang.String.hashCode`, over bytes, from their number. */
function placeOf(source: Uint8Array, start: number, length: number): number {
  let hash = length;
  for (let at = start; at < start + length; at++) hash = Math.imul(hash, 31) + (source[at] ?? 0);
  return (hash ^ (hash >>> 13)) & (PLACES - 1);
}

function isAt(known: Uint8Array, source: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at++) if (known[at] !== source[start + at]) return false;
  return true;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const names = new StringInterner(decoder);

/**
 * Reads what `ByteWriter` wrote; the bytes of each primitive are listed there. Throws `RangeError` past the end (single numbers
 * of a slice may be read beyond it: `rest` throws then), and `TypeError` for a text that is not UTF-8.
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
