/**
 * Zstandard frames, a block at a time: RFC 8878. Little endian:
 *
 * | field of a frame | bytes | meaning |
 * | --- | --- | --- |
 * | magic | 4 | 0xfd2fb528; 0x184d2a50 to 5f: a frame to be skipped, its length (4) and bytes follow |
 * | descriptor | 1 | bits 0-1: dictionary id, 2: checksum, 3: reserved, 5: single segment, 6-7: size of the content size |
 * | window descriptor | 0 or 1 | bits 0-2: mantissa, 3-7: exponent; not in a single segment, whose window is its content |
 * | content size | 0, 1, 2, 4, 8 | of two bytes: less 256 |
 * | blocks | ... | head of 3 bytes (bit 0: the last, 1-2: raw, run, compressed or reserved, 3-23: size), bytes |
 * | checksum | 0 or 4 | not looked at: the batch has its own |
 *
 * fzstd decompresses the blocks; it is given a head of ours and one block after the other, since it believes what they say.
 *
 * 1. No block gets longer than 128 KiB (RFC 8878, 3.1.1.2.4).
 * 2. No window is larger than 8 MiB, what a decoder has to support. Encoders state larger ones (levels 20 and up) that short frames
 *    do not fill; a frame that does fill it is refused.
 */
import { Decompress } from 'fzstd';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const SKIPPABLE_BITS = 0xfffffff0;
const MAGIC_BYTES = 4;
const MAX_BLOCK_BYTES = 128 * 1024;
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
const MIN_WINDOW_BITS = 10;
const RUN = 1;
const UNKNOWN = 3;

export function* decompressZstd(compressed: Buffer): Generator<Buffer> {
  for (let at = 0; at < compressed.length; ) {
    const magic = compressed.readUInt32LE(at);
    if ((magic & SKIPPABLE_BITS) >>> 0 === SKIPPABLE) at += 8 + compressed.readUInt32LE(at + MAGIC_BYTES);
    else if (magic === MAGIC) at = yield* decompressFrame(compressed, at + MAGIC_BYTES);
    else throw new Error('it is not a frame of zstd');
  }
}

/** Answers where the frame ends. */
function* decompressFrame(compressed: Buffer, start: number): Generator<Buffer, number> {
  const head = readHead(compressed, start);
  const blocks: Buffer[] = [];
  const decompressor = new Decompress((block) => {
    blocks.push(Buffer.from(block.buffer, block.byteOffset, block.byteLength));
  });
  decompressor.push(headOf(Math.min(head.windowBytes, MAX_WINDOW_BYTES)));
  let total = 0;
  let at = head.end;
  for (let isLast = false; !isLast; ) {
    const block = compressed.readUIntLE(at, 3);
    const [kind, size] = [(block >> 1) & 3, block >> 3];
    if (kind === UNKNOWN || size > MAX_BLOCK_BYTES)
      throw new Error('a block of zstd is none, or longer than it may be');
    isLast = (block & 1) === 1;
    const end = at + 3 + (kind === RUN ? 1 : size);
    if (end > compressed.length) throw new Error('a block of zstd ends too early');
    decompressor.push(compressed.subarray(at, end), isLast);
    for (const bytes of blocks.splice(0)) {
      total += bytes.length;
      if (total > MAX_WINDOW_BYTES && head.windowBytes > MAX_WINDOW_BYTES) throw windowTooLarge(head.windowBytes);
      if (bytes.length > 0) yield bytes;
    }
    at = end;
  }
  return at + head.checksumBytes;
}

interface Head {
  readonly windowBytes: number;
  readonly checksumBytes: number;
  /** Where the first block begins. */
  readonly end: number;
}

/** RFC 8878, 3.1.1.1. */
function readHead(compressed: Buffer, start: number): Head {
  const descriptor = compressed.readUInt8(start);
  const isSingle = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x0b) !== 0) throw new Error('its zstd needs a dictionary, or is of a newer format');
  const sizeCode = descriptor >> 6;
  const sizeBytes = sizeCode === 0 ? Number(isSingle) : 1 << sizeCode;
  const sizeAt = start + (isSingle ? 1 : 2);
  const windowBytes = isSingle
    ? contentSize(compressed, sizeAt, sizeBytes)
    : windowSize(compressed.readUInt8(start + 1));
  return { windowBytes, checksumBytes: descriptor & 0x04, end: sizeAt + sizeBytes };
}

function contentSize(compressed: Buffer, at: number, bytes: number): number {
  switch (bytes) {
    case 1:
      return compressed.readUInt8(at);
    case 2:
      return compressed.readUInt16LE(at) + 256;
    case 4:
      return compressed.readUInt32LE(at);
    default:
      return Number(compressed.readBigUInt64LE(at));
  }
}

function windowSize(descriptor: number): number {
  const base = 2 ** (MIN_WINDOW_BITS + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** The head of a frame whose window has at least so many bytes, with neither content size nor checksum. */
function headOf(windowBytes: number): Buffer {
  let bits = MIN_WINDOW_BITS;
  while (2 ** bits < windowBytes) bits += 1;
  const head = Buffer.alloc(MAGIC_BYTES + 2);
  head.writeUInt32LE(MAGIC);
  head.writeUInt8((bits - MIN_WINDOW_BITS) << 3, MAGIC_BYTES + 1);
  return head;
}

function windowTooLarge(bytes: number): Error {
  return new Error(`its zstd needs a window of ${bytes} bytes, more than ${MAX_WINDOW_BYTES}: use a level below 20`);
}
