import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEAVY } from '../fixtures/heavy-definitions';
import { compile } from './compile';
import { LIMITS } from './limits';

/** Of processor time, in a test that runs slower than the program. */
const MOST_SECONDS = 2;

describe('a definition that asks for as much work as its bytes can', () => {
  it.each(HEAVY)('ends within 2 s of processor time: $what', ({ source }) => {
    const before = process.cpuUsage();
    const compiled = compile(source);
    const { user, system } = process.cpuUsage(before);
    const problems = compiled.ok ? compiled.warnings : compiled.problems;
    expect(problems.length).toBeLessThanOrEqual(LIMITS.problems + 1);
    expect((user + system) / 1e6).toBeLessThan(MOST_SECONDS);
  });

  it('is told its bounds in docs/definitions.md', () => {
    const page = readFileSync(join(__dirname, '../../../docs/definitions.md'), 'utf8');
    const numbers = [...page.matchAll(/^\| `(\w+)` \| ([\d,]+) /gm)];
    const stated = numbers.map(([, name, number]) => [name, Number(number?.replaceAll(',', ''))]);
    expect(Object.fromEntries(stated)).toEqual(LIMITS);
  });
});
