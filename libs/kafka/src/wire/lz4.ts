/**
 * LZ4 frames, a block at a time: github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. A frame is a magic number, flags, the size of
 * its largest block, optionally a content size and a dictionary id, a checksum of these; then blocks after their lengths (u32, little
 * endian, the highest bit: not packed), a length of 0, optionally a checksum. Checksums are not looked at: the batch has its own.
 *
 * 1. No block gets longer than the size that its frame states, 4 MiB at most.
 */
import { type Lz4Room, unpackLz4Block } from './lz4-block';

const MAGIC = 0x184d2204;
const MAGIC_BYTES = 4;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;
const NOT_PACKED = 0x8000_0000;
const CHECKSUM_BYTES = 4;
/** How far back a match may point, also into earlier blocks. */
const HISTORY_BYTES = 64 * 1024;

export function* unpackLz4(packed: Buffer): Generator<Buffer> {
  for (let at = 0; at < packed.length; ) at = yield* unpackFrame(packed, at);
}

/** Answers where the frame ends. */
function* unpackFrame(packed: Buffer, start: number): Generator<Buffer, number> {
  if (packed.readUInt32LE(start) !== MAGIC) throw new Error('it is not a frame of lz4');
  const flags = packed.readUInt8(start + MAGIC_BYTES);
  if ((flags & DICTIONARY) !== 0) throw new Error('its lz4 needs a dictionary');
  const room = makeRoom(blockSize(packed.readUInt8(start + MAGIC_BYTES + 1)));
  let at = start + MAGIC_BYTES + 3 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8);
  for (;;) {
    const head = packed.readUInt32LE(at);
    at += 4;
    if (head === 0) break;
    const end = at + (head & ~NOT_PACKED);
    if (end > packed.length) throw new Error('a block of lz4 ends too early');
    yield unpackBlock(room, packed.subarray(at, end), head < NOT_PACKED);
    at = end + ((flags & BLOCK_CHECKSUM) === 0 ? 0 : CHECKSUM_BYTES);
  }
  return at + ((flags & CONTENT_CHECKSUM) === 0 ? 0 : CHECKSUM_BYTES);
}

/** 4 to 7 stand for 64 KiB, 256 KiB, 1 MiB, 4 MiB. */
function blockSize(descriptor: number): number {
  const code = (descriptor >> 4) & 7;
  if (code < 4) throw new Error(`its lz4 has blocks of an unknown size (${code})`);
  return 1 << (8 + 2 * code);
}

/** A block is written behind the history, which the next one may point into. */
function makeRoom(blockBytes: number): Lz4Room {
  return { bytes: Buffer.allocUnsafe(HISTORY_BYTES + blockBytes), start: HISTORY_BYTES, known: 0 };
}

function unpackBlock(room: Lz4Room, block: Buffer, isPacked: boolean): Buffer {
  const { bytes, start } = room;
  const end = isPacked ? unpackLz4Block(block, room) : start + copyWhole(block, room);
  const unpacked = Buffer.from(bytes.subarray(start, end));
  const known = Math.min(HISTORY_BYTES, room.known + unpacked.length);
  bytes.copyWithin(start - known, end - known, end);
  room.known = known;
  return unpacked;
}

function copyWhole(block: Buffer, { bytes, start }: Lz4Room): number {
  if (block.length > bytes.length - start) throw new Error('a block of lz4 is longer than its frame allows');
  return block.copy(bytes, start);
}
