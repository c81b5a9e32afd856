import { Names } from './names';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const names = new Names(decoder);

/** Reads what {@link Writer} wrote. Reading past the end throws RangeError. */
export class Reader {
  private readonly view: DataView;

  constructor(
    private readonly source: Uint8Array,
    private position = 0,
  ) {
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
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

  count(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
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
    const start = this.position;
    this.skip(length);
    return names.read(this.source, start, length);
  }

  /** A view. */
  bytes(): Uint8Array {
    const length = this.count();
    const start = this.position;
    this.skip(length);
    return this.source.subarray(start, this.position);
  }

  /** A copy of all that is left. */
  rest(): Uint8Array {
    const rest = this.source.slice(this.position);
    this.position = this.source.length;
    return rest;
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

  doubles(): number[] {
    const length = this.count();
    const values: number[] = [];
    const { view } = this;
    let at = this.position;
    for (let i = 0; i < length; i++, at += 8) values.push(view.getFloat64(at, true));
    this.position = at;
    return values;
  }

  private skip(length: number): void {
    this.position += length;
    if (this.position > this.source.length) throw new RangeError('read past the end');
  }
}
