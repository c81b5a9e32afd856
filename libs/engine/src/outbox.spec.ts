import fc from 'fast-check';
import { decodeOutbox, encodeOutbox } from './outbox';

const bytes = fc.uint8Array({ maxLength: 50 });

describe('an outbox blob', () => {
  it('gives back the records byte for byte', () => {
    const record = fc.record({
      topic: fc.string(),
      partition: fc.option(fc.nat(1000), { nil: undefined }),
      key: fc.option(fc.oneof(fc.string({ unit: 'grapheme' }), bytes)),
      value: fc.option(bytes),
      headers: fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })),
    });
    const plain = (piece: Uint8Array | string | null): string | null =>
      piece === null ? null : Buffer.from(piece as string).toString('hex');
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const given = records.map(({ partition, ...rest }) =>
          partition === undefined ? rest : { ...rest, partition },
        );
        const back = decodeOutbox(encodeOutbox(given));
        expect(back.map(({ key, value, ...rest }) => ({ ...rest, key: plain(key), value: plain(value) }))).toEqual(
          given.map(({ key, value, ...rest }) => ({ ...rest, key: plain(key), value: plain(value) })),
        );
      }),
    );
  });
  it('of an unknown layout is refused', () => {
    expect(() => decodeOutbox(new Uint8Array([9]))).toThrow('layout 9');
  });
});
