/**
 * One block of LZ4: github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md. A block is a run of sequences: a token (4 bits: number of
 * literals, 4 bits: length of the match less 4; 15: more bytes follow), literals, how far back the match begins (u16, little
 * endian). The last sequence has literals only.
 */

export interface Lz4Room {
  readonly bytes: Buffer;
  /** Where the block is written; it may fill what is behind. */
  readonly start: number;
  /** Bytes before `start` that a match may point to. */
  known: number;
}

const LEAST_MATCH = 4;
const MORE = 15;

/** Answers where the block ends in the room. Throws for a block that is damaged or does not fit; its work is bounded by the room. */
export function unpackLz4Block(block: Buffer, { bytes, start, known }: Lz4Room): number {
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
    const match = length(token & MORE) + LEAST_MATCH;
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
