import fc from 'fast-check';
import { firstReadable } from './readable';

describe('the first readable offset after a batch that cannot be read', () => {
  it('is found wherever the batch ends, with few reads', async () => {
    const logs = fc.record({ from: fc.nat(1_000), length: fc.integer({ min: 1, max: 5_000 }), rest: fc.nat(100) });
    await fc.assert(
      fc.asyncProperty(logs, async ({ from, length, rest }) => {
        const asked: number[] = [];
        const found = await firstReadable(from, from + length + rest, (offset) => {
          asked.push(offset);
          return Promise.resolve(offset >= from + length);
        });
        expect(found).toBe(from + length);
        expect(asked.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(length + 1)) + 1);
      }),
    );
  });
});
