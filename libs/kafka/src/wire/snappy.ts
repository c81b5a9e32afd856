/**
 * Snappy as producers write it: the Java client in the framing of xerial (github.com/xerial/snappy-java), others as one raw block
 * (github.com/google/snappy/blob/main/format_description.txt).
 *
 * | field of the framing | bytes | meaning |
 * | --- | --- | --- |
 * | magic | 8 | 0x82, SNAPPY, 0x00 |
 * | version, oldest reader | 4, 4 | not looked at |
 * | blocks | ... | length (4, big endian), raw block |
 *
 * | field of a raw block | bytes | meaning |
 * | --- | --- | --- |
 * | length | 1 to 5 | of the block once decompressed: seven bits a byte, the lowest first; the highest bit: more follow |
 * | elements | ... | literals and copies |
 *
 * A block is decompressed whole. No block gets longer than {@link MAX_RATIO} times its bytes: one that claims to is refused before
 * room is made for it.
 */
import createSnappy from 'kafkajs-snappy';

const FRAMING = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const FRAMING_HEAD_BYTES = 16;
const LENGTH_BYTES = 4;
/** The shortest copy: 3 bytes stand for 64. */
const MAX_RATIO = 22;

const codec = createSnappy();

export async function* decompressSnappy(compressed: Buffer): AsyncGenerator<Buffer> {
  if (!compressed.subarray(0, FRAMING.length).equals(FRAMING)) {
    yield decompressBlock(compressed);
    return;
  }
  for (let at = FRAMING_HEAD_BYTES; at < compressed.length; ) {
    const length = compressed.readUInt32BE(at);
    at += LENGTH_BYTES + length;
    if (at > compressed.length) throw new Error('a block of snappy ends too early');
    yield decompressBlock(compressed.subarray(at - length, at));
  }
}

function decompressBlock(block: Buffer): Promise<Buffer> {
  const declared = declaredLength(block);
  if (declared > block.length * MAX_RATIO) {
    throw new Error(`${block.length} bytes of snappy claim to be ${declared} unpacked, which they cannot be`);
  }
  return codec.decompress(block);
}

function declaredLength(block: Buffer): number {
  let [length, scale] = [0, 1];
  for (const byte of block.subarray(0, 5)) {
    length += (byte & 127) * scale;
    if (byte < 128) return length;
    scale *= 128;
  }
  throw new Error('a block of snappy does not say its length');
}
