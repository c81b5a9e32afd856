/** A growing buffer that records are written into: pieces with their length before them, as Kafka has it. */
import type { TextSink } from '@perennial/contracts';

const ASCII = 0x80;
const QUOTE = 0x22;
const SPACE = 0x20;
const BACKSLASH = 0x5c;
/** Up to here a loop in JavaScript beats a call into C++. */
const SHORT = 48;
/** A UTF-16 code unit has at most three bytes in UTF-8. */
const MOST_BYTES = 3;
const VARINT = 5;
/** They hold names of definitions: few. What goes beyond is written out each time. */
const MOST_TEXTS = 4_096;

const fixedTexts = new Map<string, Uint8Array>();

export class RecordBytes implements TextSink {
  buffer: Buffer;

  constructor(
    capacity: number,
    public at: number,
  ) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** Begins a piece whose length will stand before it; give the answer to `close`. */
  open(likelyLength: number): number {
    this.reserve(VARINT);
    const start = this.at;
    this.at += varintBytes(likelyLength);
    return start;
  }

  /** Ends a piece: its length is put before it, and where that takes other room than was left, the piece is moved. */
  close(start: number, likelyLength: number): void {
    this.reserve(VARINT);
    const room = varintBytes(likelyLength);
    const end = this.at;
    const length = end - start - room;
    const bytes = varintBytes(length);
    if (bytes !== room) this.buffer.copyWithin(start + bytes, start + room, end);
    this.at = start;
    this.varint(length);
    this.at = end + bytes - room;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.at++] = value;
  }

  /** Zigzag, seven bits a byte. */
  varint(value: number): void {
    this.reserve(VARINT);
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest >= ASCII) {
      this.buffer[this.at++] = (rest & 127) | ASCII;
      rest >>>= 7;
    }
    this.buffer[this.at++] = rest;
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  fixed(text: string): void {
    const known = fixedTexts.get(text);
    if (known !== undefined) this.bytes(known);
    else if (fixedTexts.size < MOST_TEXTS) this.bytes(keep(text));
    else this.plain(text);
  }

  plain(text: string): void {
    this.reserve(text.length * MOST_BYTES);
    const { at } = this;
    if (text.length > SHORT || !this.ascii(text)) this.at = at + this.buffer.write(text, at, 'utf8');
  }

  quoted(text: string): void {
    this.reserve(text.length + 2);
    const { buffer, at } = this;
    buffer[at] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < SPACE || code >= ASCII || code === QUOTE || code === BACKSLASH) {
        this.plain(JSON.stringify(text));
        return;
      }
      buffer[at + 1 + index] = code;
    }
    buffer[at + 1 + text.length] = QUOTE;
    this.at = at + text.length + 2;
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

  private reserve(more: number): void {
    if (this.at + more <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + more));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}

export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest >= ASCII; rest = Math.floor(rest / ASCII)) bytes += 1;
  return bytes;
}

function keep(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  fixedTexts.set(text, bytes);
  return bytes;
}
