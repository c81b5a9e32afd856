/** Reads what {@link Writer} wrote. Reading past the end throws RangeError. */
export class Reader {
  private position = 0;
  private readonly view: DataView;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    const length = this.count();
    const text = this.decoder.decode(this.bytes.subarray(this.position, this.position + length));
    this.position += length;
    return text;
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
}
