import { tmpdir } from 'node:os';
import { Terminals } from './terminals';
import { readUpTo, stepsOf, withoutProgress } from './walk';

const page = (...lines: readonly string[]): string => lines.join('\n');

describe('a walk', () => {
  it('is the console blocks of a page, command by command', () => {
    const steps = stepsOf(
      page('# A page', '```yaml', '$ none', '```', '```console', '$ one', 'says 1', '$ two \\', '> more', '```'),
    );
    expect(steps).toEqual([
      { line: 6, terminal: null, command: 'one', prints: ['says 1'], exit: 0 },
      { line: 8, terminal: null, command: 'two \\\nmore', prints: [], exit: 0 },
    ]);
  });

  it('has blocks that are one command as a whole', () => {
    const steps = stepsOf(page('```bash', "cat > a <<'END'", '$ b', '', '> c', 'END', '```', '```text', 'none', '```'));
    expect(steps).toEqual([
      { line: 2, terminal: null, command: "cat > a <<'END'\n$ b\n\n> c\nEND", prints: [], exit: 0 },
    ]);
  });

  it('knows other terminals, what they print later, and commands that fail', () => {
    const steps = stepsOf(
      page(
        '```console terminal=up',
        '$ up',
        'Up.',
        '```',
        '```console exit=2',
        '$ no',
        '```',
        '```console terminal=up',
        'More.',
        '```',
      ),
    );
    expect(steps).toMatchObject([
      { terminal: 'up', command: 'up', prints: ['Up.'] },
      { terminal: null, command: 'no', exit: 2 },
      { terminal: 'up', command: null, prints: ['More.'] },
    ]);
  });
});

describe('what is printed', () => {
  it('is told without the progress that only a busy machine shows', () => {
    const shown = [
      'test: 1 of 1 files, 0/s',
      'import: 1000 of 1782 activities, 820/s, 1 s left',
      '20 of 20 tests passed (0.4 s)',
    ];
    expect(withoutProgress(shown)).toEqual(['20 of 20 tests passed (0.4 s)']);
  });

  const actual = ['a 12 s', 'b', 'c', 'd'];

  it.each([
    ['each line', ['a … s', 'b', 'c', 'd'], 4],
    ['any lines between', ['…', 'c', 'd'], 4],
    ['any lines at the end', ['a …', '…'], 4],
  ])('is told: %s', (_, prints, end) => {
    expect(readUpTo(prints, actual, true)).toBe(end);
  });

  it.each([
    ['a line too few', ['a … s', 'b', 'c']],
    ['another line', ['a … s', 'x', '…']],
    ['other text around what is left open', ['a … min', '…']],
    ['another order', ['…', 'c', '…', 'b', '…']],
  ])('is not: %s', (_, prints) => {
    expect(readUpTo(prints, actual, true)).toBeNull();
  });

  it('is told up to here', () => {
    expect(readUpTo(['a …', 'b'], actual, false)).toBe(2);
  });
});

describe("the reader's own terminal", () => {
  const terminals = new Terminals(tmpdir(), process.env);
  const type = (command: string, prints: readonly string[], exit = 0): Promise<void> =>
    terminals.take({ line: 1, terminal: null, command, prints, exit });

  it('keeps what a command sets for the next one', async () => {
    await type('WORD="a \'b\'"; false', [], 1);
    await type('echo "$WORD" >&2', ["a 'b'"]);
  });

  it('tells what is printed beyond what the page tells, and another exit code', async () => {
    await expect(type('echo 1; echo 2', ['1'])).rejects.toThrow('--- it printed\n1\n2');
    await expect(type('exit 3', [], 0)).rejects.toThrow('exit code 3, not 0');
  });
});
