import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { InFlight } from '../in-flight';
import { refuse } from '../outcome';
import { readBody } from './body';

const KIB = 1024;
const beyond = refuse('too-large', 'beyond');

/** Pieces of a body; `pulled` counts those that were asked for. */
function pieces(body: Uint8Array, size: number): { chunks: AsyncGenerator<Buffer>; pulled: () => number } {
  let count = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < body.length; at += size) {
      count += 1;
      yield Buffer.from(body.subarray(at, at + size));
      await Promise.resolve();
    }
  }
  return { chunks: chunks(), pulled: () => count };
}

function shareOf(limit: number) {
  const room = new InFlight(limit, () => undefined);
  const share = room.enter(0);
  if (share === null) throw new Error('no room');
  return { room, share };
}

const packings = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const;

describe.each(packings)('a body in %s', (packing, pack) => {
  const bounds = { most: 64 * KIB, beyond };

  it('is unpacked whole within its bounds', async () => {
    const body = Buffer.from('ü'.repeat(20_000));
    const { chunks } = pieces(pack(body), 7);
    expect(await readBody(chunks, packing, { ...bounds, ...shareOf(KIB * KIB) })).toEqual(body);
  });

  it('is unpacked no further than them', async () => {
    // Brotli says so much in so few bytes that the whole may be in the first chunks.
    const bomb = pack(Buffer.alloc((packing === 'br' ? 8 : 64) * KIB * KIB));
    const { room, share } = shareOf(KIB * KIB);
    const { chunks, pulled } = pieces(bomb, Math.ceil(bomb.length / 200));
    expect(await readBody(chunks, packing, { ...bounds, share })).toBe(beyond);
    if (packing !== 'br') expect(pulled()).toBeLessThan(100);
    expect(room.fits(KIB * KIB - 64 * KIB)).toBe(true);
  });

  it('takes room for what comes out, and is refused when there is none', async () => {
    const { chunks } = pieces(pack(Buffer.alloc(60 * KIB)), KIB);
    expect(await readBody(chunks, packing, { ...bounds, ...shareOf(50 * KIB) })).toMatchObject({ reason: 'busy' });
  });

  it('that is cut off is incomplete or not packed, never taken', async () => {
    const whole = pack(Buffer.from('x'.repeat(1_000)));
    const { chunks } = pieces(whole.subarray(0, -6), KIB);
    expect(await readBody(chunks, packing, { ...bounds, ...shareOf(KIB * KIB) })).toMatchObject({ reason: 'invalid' });
  });
});

it('what unpacks to nothing is bounded in what it sends', async () => {
  const nothing = Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync('')));
  const { chunks, pulled } = pieces(nothing, KIB);
  const read = await readBody(chunks, 'gzip', { most: 64 * KIB, beyond, ...shareOf(KIB * KIB) });
  expect([read, pulled()]).toEqual([beyond, 65]);
});

it('chunks of a byte each take room as one body', async () => {
  const body = Buffer.from('x'.repeat(50_000));
  const { chunks } = pieces(body, 1);
  const { room, share } = shareOf(50_000);
  expect(await readBody(chunks, null, { most: 64 * KIB, beyond, share })).toEqual(body);
  expect(room.fits(1)).toBe(false);
});
