/** Reads numbers and pieces of an answer of the broker, big-endian, one after the other. Past the end throws RangeError. */
export class AnswerReader {
  position = 0;

  constructor(private readonly bytesRead: Buffer) {}

  get left(): number {
    return this.bytesRead.length - this.position;
  }

  int8(): number {
    return this.bytesRead.readInt8((this.position += 1) - 1);
  }

  int16(): number {
    return this.bytesRead.readInt16BE((this.position += 2) - 2);
  }

  int32(): number {
    return this.bytesRead.readInt32BE((this.position += 4) - 4);
  }

  /** Of numbers that are safe integers: offsets, times, ids. */
  int64(): number {
    const high = this.int32();
    return high * 4_294_967_296 + (this.int32() >>> 0);
  }

  string(): string {
    return this.bytes(this.int16()).toString('utf8');
  }

  /** A view; none for a negative length. */
  bytes(length: number): Buffer {
    const start = this.position;
    if (length > this.left) throw new RangeError('it ends too early');
    this.position += Math.max(0, length);
    return this.bytesRead.subarray(start, this.position);
  }

  /** Zigzag, seven bits a byte; up to 53 bits. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytesRead[this.position++];
      if (byte === undefined) throw new RangeError('it ends too early');
      value += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Nothing for a negative length, which stands for null. */
  skip(length: number): void {
    if (length > this.left) throw new RangeError('it ends too early');
    if (length > 0) this.position += length;
  }

  /** Length and bytes; null where the length is negative. */
  piece(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.bytes(length);
  }
}
