import fc from 'fast-check';
import { stringify } from 'yaml';
import { compile } from './compile';
import { Problems } from './problems';
import { locateIn, rawOffset } from './source-text';
import { readTree } from './yaml-tree';

describe('positions', () => {
  it('start at line 1, column 1', () => {
    const locate = locateIn('ab\ncd\n');
    expect([0, 1, 2, 3, 5, 6].map(locate)).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
      { line: 3, column: 1 },
    ]);
  });

  it('in a text are found however the text is written', () => {
    const styles = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_FOLDED', 'BLOCK_LITERAL'] as const;
    const word = fc.string({ unit: fc.constantFrom(...Array.from('ab1.()<&|"\'\\')), minLength: 1, maxLength: 8 });
    const texts = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(texts, fc.constantFrom(...styles), (text, defaultStringType) => {
        const source = stringify(
          { key: { inner: text } },
          { defaultStringType, defaultKeyType: 'PLAIN', lineWidth: 30 },
        );
        const offsets = offsetsOf(source, text);
        expect(offsets.map((offset) => source.charAt(offset)).join('')).toBe(text.replaceAll(' ', ''));
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      }),
    );
  });

  it('in a text are never those of its quotes', () => {
    expect(rawOffset('"\\"a"', '"a', 0)).toBe(2);
    expect(rawOffset("'''a'", "'a", 0)).toBe(1);
  });

  it('past the end of a text are its end', () => {
    expect(rawOffset('"a b"', 'a b', 3)).toBe(4);
    expect(rawOffset('a', 'a', 1)).toBe(1);
  });

  it('of mistakes in a folded condition are those of the line it stands in', () => {
    const lines = ['signals:', '  x:', '    when: >-', '      profile.a > 1 &&', '      profile.bb > 1'];
    const compiled = compile(lines.join('\n'));
    const unknown = compiled.ok ? [] : compiled.problems.filter(({ code }) => code === 'DEFINITION.UNKNOWN_FIELD');
    expect(unknown).toMatchObject([
      { line: 4, column: 7 },
      { line: 5, column: 7 },
    ]);
  });
});

/** Offsets of all characters of the one inner text, spaces left out. */
function offsetsOf(source: string, text: string): number[] {
  const tree = readTree(source, new Problems(locateIn(source)));
  const outer = tree?.kind === 'map' ? tree.entries[0]?.value : undefined;
  const inner = outer?.kind === 'map' ? outer.entries[0]?.value : undefined;
  if (inner?.kind !== 'scalar') throw new Error(`No text in ${source}`);
  return Array.from(text).flatMap((character, index) => (character === ' ' ? [] : [inner.offsetOf(index)]));
}
