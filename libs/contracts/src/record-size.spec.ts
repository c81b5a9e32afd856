import fc from 'fast-check';
import { byteLength } from './record';

describe('the bytes of a text', () => {
  it('are those of its UTF-8, lone surrogates included', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom('\ud83c', '\udf31', 'a', 'é', '山')),
        (text, units) => {
          const all = text + units.join('');
          expect(byteLength(all)).toBe(new TextEncoder().encode(all).length);
        },
      ),
    );
  });
});
