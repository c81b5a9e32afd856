import fc from 'fast-check';
import { didYouMean } from './spelling';

const WORDS = ['currency', 'customer', 'signals', 'stages', 'in-life'];

describe('a suggestion', () => {
  it.each([
    ['curency', 'currency'],
    ['custmoer', 'customer'],
    ['Signals', 'signals'],
    ['stage', 'stages'],
    ['inlife', 'in-life'],
  ])('for %s is %s', (written, meant) => {
    expect(didYouMean(written, WORDS)).toBe(` Did you mean "${meant}"?`);
  });

  it('is not made when nothing is near', () => {
    expect(didYouMean('x', WORDS)).toBe('');
    expect(didYouMean('b', ['a'])).toBe('');
    expect(didYouMean('dormancy', WORDS)).toBe('');
    expect(didYouMean('a'.repeat(65), ['a'.repeat(65)])).toBe('');
  });

  it('finds any word of four letters or more again after one slip', () => {
    const word = fc.string({ unit: fc.constantFrom(...Array.from('abcdefgh')), minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('drop', 'swap', 'double'), (text, pick, slip) => {
        const at = pick % (text.length - 1);
        const [a, b] = [text.charAt(at), text.charAt(at + 1)];
        const middle = { drop: b, swap: b + a, double: a + a + b }[slip];
        const written = text.slice(0, at) + middle + text.slice(at + 2);
        expect(didYouMean(written, ['zzzzzzzz', text])).toBe(` Did you mean "${text}"?`);
      }),
    );
  });
});
