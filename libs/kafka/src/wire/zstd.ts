/**
 * Zstandard, a block at a time: RFC 8878. A frame is a magic number, a head (window, content size), blocks after their heads of 3
 * bytes (1 bit: the last, 2 bits: raw, run or packed, 21 bits: size), optionally a checksum, which is not looked at: the batch has
 * its own. fzstd unpacks the blocks; it is given a head of ours and one block after the other, since it believes what they say.
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
const MOST_BLOCK_BYTES = 128 * 1024;
const MOST_WINDOW_BYTES = 8 * 1024 * 1024;
const LEAST_WINDOW_BITS = 10;
const RUN = 1;
const UNKNOWN = 3;

export function* unpackZstd(packed: Buffer): Generator<Buffer> {
  for (let at = 0; at < packed.length; ) {
    const magic = packed.readUInt32LE(at);
    if ((magic & SKIPPABLE_BITS) >>> 0 === SKIPPABLE) at += 8 + packed.readUInt32LE(at + MAGIC_BYTES);
    else if (magic === MAGIC) at = yield* unpackFrame(packed, at + MAGIC_BYTES);
    else throw new Error('it is not a frame of zstd');
  }
}

/** Answers where the frame ends. */
function* unpackFrame(packed: Buffer, start: number): Generator<Buffer, number> {
  const head = readHead(packed, start);
  const blocks: Buffer[] = [];
  const unpacker = new Decompress((block) => {
    blocks.push(Buffer.from(block.buffer, block.byteOffset, block.byteLength));
  });
  unpacker.push(headOf(Math.min(head.windowBytes, MOST_WINDOW_BYTES)));
  let unpacked = 0;
  let at = head.end;
  for (let isLast = false; !isLast; ) {
    const block = packed.readUIntLE(at, 3);
    const [kind, size] = [(block >> 1) & 3, block >> 3];
    if (kind === UNKNOWN || size > MOST_BLOCK_BYTES)
      throw new Error('a block of zstd is none, or longer than it may be');
    isLast = (block & 1) === 1;
    const end = at + 3 + (kind === RUN ? 1 : size);
    if (end > packed.length) throw new Error('a block of zstd ends too early');
    unpacker.push(packed.subarray(at, end), isLast);
    for (const bytes of blocks.splice(0)) {
      unpacked += bytes.length;
      if (unpacked > MOST_WINDOW_BYTES && head.windowBytes > MOST_WINDOW_BYTES) throw windowTooLarge(head.windowBytes);
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
function readHead(packed: Buffer, start: number): Head {
  const descriptor = packed.readUInt8(start);
  const isSingle = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x0b) !== 0) throw new Error('its zstd needs a dictionary, or is of a newer format');
  const sizeCode = descriptor >> 6;
  const sizeBytes = sizeCode === 0 ? Number(isSingle) : 1 << sizeCode;
  const sizeAt = start + (isSingle ? 1 : 2);
  const windowBytes = isSingle ? contentSize(packed, sizeAt, sizeBytes) : windowSize(packed.readUInt8(start + 1));
  return { windowBytes, checksumBytes: descriptor & 0x04, end: sizeAt + sizeBytes };
}

function contentSize(packed: Buffer, at: number, bytes: number): number {
  switch (bytes) {
    case 1:
      return packed.readUInt8(at);
    case 2:
      return packed.readUInt16LE(at) + 256;
    case 4:
      return packed.readUInt32LE(at);
    default:
      return Number(packed.readBigUInt64LE(at));
  }
}

function windowSize(descriptor: number): number {
  const base = 2 ** (LEAST_WINDOW_BITS + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** The head of a frame whose window has at least so many bytes, with neither content size nor checksum. */
function headOf(windowBytes: number): Buffer {
  let bits = LEAST_WINDOW_BITS;
  while (2 ** bits < windowBytes) bits += 1;
  const head = Buffer.alloc(MAGIC_BYTES + 2);
  head.writeUInt32LE(MAGIC);
  head.writeUInt8((bits - LEAST_WINDOW_BITS) << 3, MAGIC_BYTES + 1);
  return head;
}

function windowTooLarge(bytes: number): Error {
  return new Error(`its zstd needs a window of ${bytes} bytes, more than ${MOST_WINDOW_BYTES}: use a level below 20`);
}
