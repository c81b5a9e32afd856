import fc from 'fast-check';
import { type ByteSlice, sliceOf } from '@perennial/codec';
import { StateCache } from './state-cache';

const bytesOf = (piece: ByteSlice | null | undefined): Uint8Array | null | undefined =>
  piece?.bytes.slice(piece.start, piece.end) ?? (piece as null | undefined);
const NO_BOUND = Number.POSITIVE_INFINITY;
const state = fc.option(fc.uint8Array({ maxLength: 200 }));

describe('a cache of packed states', () => {
  it('answers with what was set last, whatever its length was before', () => {
    const changes = fc.array(fc.tuple(fc.nat(20), state), { maxLength: 200 });
    fc.assert(
      fc.property(changes, (sets) => {
        const cache = new StateCache(NO_BOUND);
        const known = new Map<string, Uint8Array | null>();
        for (const [number, bytes] of sets) {
          cache.set(`c${number}`, bytes === null ? null : sliceOf(bytes));
          known.set(`c${number}`, bytes);
        }
        for (const [key, bytes] of known) expect(bytesOf(cache.get(key))).toEqual(bytes);
        expect(cache.get('nobody')).toBeUndefined();
      }),
    );
  });

  it('takes a state that is larger than a slab', () => {
    const cache = new StateCache(NO_BOUND);
    const large = new Uint8Array(3_000_000).fill(7);
    cache.set('small', sliceOf(Uint8Array.of(1)));
    cache.set('large', sliceOf(large));
    cache.set('after', sliceOf(Uint8Array.of(2)));
    expect(Buffer.compare(bytesOf(cache.get('large')) ?? Buffer.of(), large)).toBe(0);
    expect([bytesOf(cache.get('small')), bytesOf(cache.get('after'))]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
  });

  it('forgets nothing until it is trimmed (invariant 2)', () => {
    const cache = new StateCache(0);
    for (const key of ['a', 'b', 'c', 'a']) cache.set(key, sliceOf(Uint8Array.of(1)));
    expect(['a', 'b', 'c'].map((key) => bytesOf(cache.get(key)))).toEqual(Array(3).fill(Uint8Array.of(1)));
  });

  it('is bounded, and keeps what is used (invariant 1)', () => {
    const cache = new StateCache(4_000_000);
    const bytes = sliceOf(new Uint8Array(1_000));
    cache.set('used', sliceOf(Uint8Array.of(9)));
    let known = 0;
    for (let number = 0; number < 10_000; number++) {
      cache.set(`c${number}`, bytes);
      cache.trim();
      expect(bytesOf(cache.get('used'))).toEqual(Uint8Array.of(9));
    }
    for (let number = 0; number < 10_000; number++) if (cache.get(`c${number}`) !== undefined) known += 1;
    expect(known).toBeGreaterThan(1_000);
    expect(known).toBeLessThan(4_000);
  });
});
