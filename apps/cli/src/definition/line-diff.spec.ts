import fc from 'fast-check';
import { lineDiff } from './judge';

/** The later text, made of the earlier one by the changes: what is removed is gone, what is added stands at its line. */
function applied(before: string, changes: ReturnType<typeof lineDiff>): string {
  const removed = new Set(changes.filter(({ kind }) => kind === 'removed').map(({ line }) => line));
  const lines = before.split('\n').filter((_, index) => !removed.has(index + 1));
  for (const { kind, line, text } of changes) if (kind === 'added') lines.splice(line - 1, 0, text);
  return lines.join('\n');
}

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));

describe('the difference of two texts', () => {
  it('names the lines that differ, and no other', () => {
    const before = 'name: shop\nversion: 1\nquiet: P60D\nend';
    const after = 'name: shop\nversion: 1\nquiet: P45D\nend\n';
    expect(lineDiff(before, after)).toEqual([
      { kind: 'removed', line: 3, text: 'quiet: P60D' },
      { kind: 'added', line: 3, text: 'quiet: P45D' },
      { kind: 'added', line: 5, text: '' },
    ]);
  });

  it('leads from the one to the other, with no more lines than each has', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = lineDiff(before, after);
        expect(applied(before, changes)).toBe(after);
        expect(lineDiff(before, before)).toEqual([]);
        expect(changes.length).toBeLessThanOrEqual(before.split('\n').length + after.split('\n').length);
      }),
    );
  });

  it('takes the middle of very long texts for different as a whole, and ends', () => {
    const long = (first: string): string =>
      [first, ...Array.from({ length: 3_000 }, (_, n) => `${first} ${n}`), 'end'].join('\n');
    const changes = lineDiff(long('a'), long('b'));
    expect(changes).toHaveLength(2 * 3_001);
  });
});
