import { type Emission, written } from '@perennial/contracts';
import { sendInPieces } from './log-producer';

describe('records of any size', () => {
  it('are sent in order, in calls of bounded bytes; a large one has a call of its own', async () => {
    const calls: string[] = [];
    const producer = {
      send: (records: readonly Emission[]) => {
        calls.push(records.map((record) => String(written(record).key)).join(''));
        return Promise.resolve([]);
      },
    };
    const sizes = Object.entries({ a: 10, b: 10, c: 900, d: 10, e: 10 });
    const records = sizes.map(([key, size]) => ({ topic: 't', key, value: 'x'.repeat(size), headers: [] }));
    await sendInPieces(producer, records, 120);
    expect(calls).toEqual(['ab', 'c', 'de']);
  });
});
