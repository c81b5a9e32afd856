/** Appends numbers and text to bytes that grow. Little-endian; counts as LEB128. */
export class Writer {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private length = 0;
  private readonly encoder = new TextEncoder();

  byte(value: number): void {
    this.reserve(1);
    this.view.setUint8(this.length++, value);
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
      this.view.setUint8(this.length++, rest % 128 | 128);
      rest = Math.floor(rest / 128);
    }
    this.view.setUint8(this.length++, rest);
  }

  text(value: string): void {
    const encoded = this.encoder.encode(value);
    this.count(encoded.length);
    this.reserve(encoded.length);
    this.bytes.set(encoded, this.length);
    this.length += encoded.length;
  }

  optional<T>(value: T | null, write: (value: T) => void): void {
    this.byte(value === null ? 0 : 1);
    if (value !== null) write(value);
  }

  list<T>(values: readonly T[], write: (value: T) => void): void {
    this.count(values.length);
    for (const value of values) write(value);
  }

  /** A copy of what was written; the writer is empty again. */
  finish(): Uint8Array {
    const finished = this.bytes.slice(0, this.length);
    this.length = 0;
    return finished;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
