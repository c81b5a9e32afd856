/** Records as one blob: what a micro-batch publishes is stored with it, and published from memory or, after a crash, from here. */
import { InvariantViolation, type OutRecord } from '@perennial/contracts';

const LAYOUT = 1;
const NULL_LENGTH = 0xffffffff;

/** Layout: u8 layout, u32 count, then per record topic, key, value, u16 headers × (name, value); all length-prefixed, partition as i32 (-1: by key). */
export function encodeOutbox(records: readonly OutRecord[]): Uint8Array {
  const chunks: Buffer[] = [Buffer.from([LAYOUT]), u32(records.length)];
  for (const { topic, partition, key, value, headers } of records) {
    push(chunks, Buffer.from(topic));
    chunks.push(i32(partition ?? -1));
    push(chunks, key === null ? null : typeof key === 'string' ? Buffer.from(key) : key);
    push(chunks, value);
    const entries = Object.entries(headers);
    chunks.push(u32(entries.length));
    for (const text of entries.flat()) push(chunks, Buffer.from(text));
  }
  return Buffer.concat(chunks);
}

export function decodeOutbox(bytes: Uint8Array): OutRecord[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 1;
  const number = (): number => buffer.readUInt32LE((position += 4) - 4);
  const piece = (): Buffer | null => {
    const length = number();
    return length === NULL_LENGTH ? null : buffer.subarray(position, (position += length));
  };
  const text = (): string => piece()?.toString('utf8') ?? '';
  if (buffer[0] !== LAYOUT) throw unknownLayout(buffer[0]);
  return Array.from({ length: number() }, (): OutRecord => {
    const topic = text();
    const partition = number() | 0;
    const key = piece();
    const value = piece();
    const headers = Object.fromEntries(Array.from({ length: number() }, () => [text(), text()] as const));
    return { topic, ...(partition < 0 ? {} : { partition }), key, value, headers };
  });
}

function push(chunks: Buffer[], piece: Uint8Array | null): void {
  chunks.push(u32(piece?.length ?? NULL_LENGTH));
  if (piece !== null) chunks.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
}

function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function i32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32LE(value);
  return bytes;
}

const unknownLayout = (layout: number | undefined): InvariantViolation =>
  new InvariantViolation(
    'ENGINE.OUTBOX_LAYOUT_UNKNOWN',
    `an outbox blob has layout ${layout ?? 'none'}, this release knows ${LAYOUT}: start the release that wrote it and let it publish`,
  );
