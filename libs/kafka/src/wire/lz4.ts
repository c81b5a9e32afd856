/**
 * LZ4 frames, a block at a time: github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md, lz4_Block_format.md. Little endian:
 *
 * | field of a frame | bytes | meaning |
 * | --- | --- | --- |
 * | magic | 4 | 0x184d2204 |
 * | flags | 1 | bit 0: dictionary id, 2: content checksum, 3: content size, 4: block checksums |
 * | block descriptor | 1 | bits 4-6: size of the largest block, 4 (64 KiB) to 7 (4 MiB) |
 * | content size | 0 or 8 | as the flags say |
 * | header checksum | 1 | |
 * | blocks | ... | length (4; highest bit: not compressed), bytes, checksum (0 or 4) |
 * | end mark | 4 | 0: a block without length |
 * | content checksum | 0 or 4 | as the flags say |
 *
 * | field of a sequence, of which a block is a run | bytes | meaning |
 * | --- | --- | --- |
 * | token | 1 | high 4 bits: number of literals, low 4 bits: length of the match less 4; 15: more bytes follow |
 * | more literals | 0 or more | are added; 255: one more follows |
 * | literals | n | copied |
 * | distance | 2 | how far back the match begins; the last sequence ends before it |
 * | more of the match | 0 or more | as those of the literals |
 *
 * Checksums are not looked at: the batch has its own. No block gets longer than the size that its frame states, 4 MiB at most.
 */

const MAGIC = 0x184d2204;
const MAGIC_BYTES = 4;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;
const UNCOMPRESSED = 0x8000_0000;
const CHECKSUM_BYTES = 4;
/** How far back a match may point, also into earlier blocks. */
const HISTORY_BYTES = 64 * 1024;

export function* decompressLz4(compressed: Buffer): Generator<Buffer> {
  for (let at = 0; at < compressed.length; ) at = yield* decompressFrame(compressed, at);
}

/** Answers where the frame ends. */
function* decompressFrame(compressed: Buffer, start: number): Generator<Buffer, number> {
  if (compressed.readUInt32LE(start) !== MAGIC) throw new Error('it is not a frame of lz4');
  const flags = compressed.readUInt8(start + MAGIC_BYTES);
  if ((flags & DICTIONARY) !== 0) throw new Error('its lz4 needs a dictionary');
  const room = makeRoom(blockSize(compressed.readUInt8(start + MAGIC_BYTES + 1)));
  let at = start + MAGIC_BYTES + 3 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8);
  for (;;) {
    const head = compressed.readUInt32LE(at);
    at += 4;
    if (head === 0) break;
    const end = at + (head & ~UNCOMPRESSED);
    if (end > compressed.length) throw new Error('a block of lz4 ends too early');
    yield decompressBlock(room, compressed.subarray(at, end), head < UNCOMPRESSED);
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

interface Lz4Room {
  readonly bytes: Buffer;
  /** Where the block is written; it may fill what is behind. */
  readonly start: number;
  /** Bytes before `start` that a match may point to. */
  known: number;
}

/** A block is written behind the history, which the next one may point into. */
function makeRoom(blockBytes: number): Lz4Room {
  return { bytes: Buffer.allocUnsafe(HISTORY_BYTES + blockBytes), start: HISTORY_BYTES, known: 0 };
}

function decompressBlock(room: Lz4Room, block: Buffer, isCompressed: boolean): Buffer {
  const { bytes, start } = room;
  const end = isCompressed ? decompressLz4Block(block, room) : start + copyWhole(block, room);
  const decompressed = Buffer.from(bytes.subarray(start, end));
  const known = Math.min(HISTORY_BYTES, room.known + decompressed.length);
  bytes.copyWithin(start - known, end - known, end);
  room.known = known;
  return decompressed;
}

function copyWhole(block: Buffer, { bytes, start }: Lz4Room): number {
  if (block.length > bytes.length - start) throw new Error('a block of lz4 is longer than its frame allows');
  return block.copy(bytes, start);
}

const MIN_MATCH = 4;
const MORE = 15;

/** Answers where the block ends in the room. Throws for a block that is damaged or does not fit; its work is bounded by the room. */
function decompressLz4Block(block: Buffer, { bytes, start, known }: Lz4Room): number {
  let [from, to] = [0, start];
  const byte = (): number => {
    const next = block[from++];
    if (next === undefined) throw new Error('a block of lz4 ends too early');
    return next;
  };
  const length = (short: number): number => {
    let sum = short;
    for (let more = short === MORE ? 255 : 0; more === 255; sum += more) more = byte();
    return sum;
  };
  while (from < block.length) {
    const token = byte();
    const literals = length(token >> 4);
    if (from + literals > block.length) throw new Error('a block of lz4 ends too early');
    if (to + literals > bytes.length) throw tooLong();
    block.copy(bytes, to, from, from + literals);
    from += literals;
    to += literals;
    if (from === block.length) break;
    const distance = byte() | (byte() << 8);
    const match = length(token & MORE) + MIN_MATCH;
    if (distance === 0 || to - distance < start - known) throw new Error('a match of lz4 points before its beginning');
    if (to + match > bytes.length) throw tooLong();
    repeat(bytes, to, distance, match);
    to += match;
  }
  return to;
}

/** Copies what lies `distance` before; where that reaches into what is written, it repeats. */
function repeat(bytes: Buffer, to: number, distance: number, length: number): void {
  for (let done = 0; done < length; ) {
    const some = Math.min(distance + done, length - done);
    bytes.copyWithin(to + done, to - distance, to - distance + some);
    done += some;
  }
}

const tooLong = (): Error => new Error('a block of lz4 is longer than its frame allows');
