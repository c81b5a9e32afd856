import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/collector.md'), 'utf8');
/** A note that names a program, and the code that follows it. */
const SHOWN = /<!-- as in (\S+) -->\n\n((?: {4}.*\n|\n(?= {4}))+)/g;
const shown = [...page.matchAll(SHOWN)].map(([, program = '', code = '']) => ({ program, code }));

const linesOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

it.each(shown)('docs/collector.md shows the code that $program runs', ({ program, code }) => {
  expect(linesOf(readFileSync(join(root, program), 'utf8'))).toContain(linesOf(code));
});

it('shows each library', () => {
  expect(shown.map(({ program }) => program.replace('test/clients/programs/', ''))).toEqual([
    'analytics-node.js',
    'page.js',
    'cloudevents.js',
    'analytics_python.py',
  ]);
});
