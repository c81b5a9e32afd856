import fc from 'fast-check';
import { murmur2, partitionFor } from './murmur2';

const utf8 = new TextEncoder();

/** Java's `Utils.murmur2` once more, in whole numbers of any size cut to 32 bits. */
function inBigInts(bytes: Uint8Array): number {
  const cut = (n: bigint): bigint => BigInt.asUintN(32, n);
  const m = 0x5bd1e995n;
  const whole = bytes.length - (bytes.length % 4);
  const little = (part: Uint8Array): bigint => part.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let h = cut(0x9747b28cn ^ BigInt(bytes.length));
  for (let at = 0; at < whole; at += 4) {
    const k = cut(little(bytes.subarray(at, at + 4)) * m);
    h = cut(h * m) ^ cut((k ^ (k >> 24n)) * m);
  }
  if (whole < bytes.length) h = cut((h ^ little(bytes.subarray(whole))) * m);
  h = cut((h ^ (h >> 13n)) * m);
  return Number(BigInt.asIntN(32, h ^ (h >> 15n)));
}

describe('the partition of a key', () => {
  // The vectors of the Java client's own test (UtilsTest.testMurmur2).
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('%j hashes to %d as in Java', (text, hash) => {
    expect(murmur2(utf8.encode(text))).toBe(hash);
  });

  // What the default partitioner of kafkajs 2.2.4 printed for 4, 12 and 50 partitions; contracts may not import it.
  it.each([
    ['', 1, 9, 31],
    ['a', 0, 4, 24],
    ['ab', 2, 2, 34],
    ['abc', 3, 3, 7],
    ['abcd', 0, 8, 0],
    ['default:c1', 3, 3, 9],
    ['acme:c42', 3, 3, 37],
    ['retail:17850', 2, 10, 28],
    ['bench:c123456', 1, 5, 23],
    ['acme:ü', 1, 1, 29],
    ['客户:1', 0, 4, 44],
    ['acme:😀', 0, 0, 42],
  ])('%j is the one that kafkajs chooses', (key, of4, of12, of50) => {
    expect([4, 12, 50].map((partitions) => partitionFor(key, partitions))).toEqual([of4, of12, of50]);
    expect(partitionFor(utf8.encode(key), 50)).toBe(of50);
  });

  it('follows from a hash that equals a plain second implementation on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(murmur2(bytes)).toBe(inBigInts(bytes));
      }),
    );
  });
});
