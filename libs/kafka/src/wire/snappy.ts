/**
 * Snappy as producers write it: the Java client in xerial's framing (a head of 16 bytes, then blocks after their lengths), others
 * as one raw block. Format: github.com/google/snappy/blob/main/format_description.txt, github.com/xerial/snappy-java.
 *
 * 1. A block is unpacked whole. It says how long it gets, and no block gets longer than {@link MOST_RATIO} times its bytes: one that
 *    claims to is refused before room is made for it.
 */
import createSnappy from 'kafkajs-snappy';

const FRAMING = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const FRAMING_HEAD_BYTES = 16;
const LENGTH_BYTES = 4;
/** The shortest copy: 3 bytes stand for 64. */
const MOST_RATIO = 22;

const codec = createSnappy();

export async function* unpackSnappy(packed: Buffer): AsyncGenerator<Buffer> {
  if (!packed.subarray(0, FRAMING.length).equals(FRAMING)) {
    yield unpackBlock(packed);
    return;
  }
  for (let at = FRAMING_HEAD_BYTES; at < packed.length; ) {
    const length = packed.readUInt32BE(at);
    at += LENGTH_BYTES + length;
    if (at > packed.length) throw new Error('a block of snappy ends too early');
    yield unpackBlock(packed.subarray(at - length, at));
  }
}

function unpackBlock(block: Buffer): Promise<Buffer> {
  const declared = declaredLength(block);
  if (declared > block.length * MOST_RATIO) {
    throw new Error(`${block.length} bytes of snappy claim to be ${declared} unpacked, which they cannot be`);
  }
  return codec.decompress(block);
}

/** A varint of 32 bits, the lowest first. */
function declaredLength(block: Buffer): number {
  let [length, scale] = [0, 1];
  for (const byte of block.subarray(0, 5)) {
    length += (byte & 127) * scale;
    if (byte < 128) return length;
    scale *= 128;
  }
  throw new Error('a block of snappy does not say its length');
}
