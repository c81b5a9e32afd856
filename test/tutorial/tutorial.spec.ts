/** docs/tutorial.md, walked as it is written. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Installation } from '../e2e/installation';
import { Terminals } from './terminals';
import { stepsOf } from './walk';

const clone = join(__dirname, '../..');
const page = readFileSync(join(clone, 'docs/tutorial.md'), 'utf8');

it('what the tutorial lets one type prints what it tells', async () => {
  const installation = await Installation.create('tutorial');
  const folder = mkdtempSync(join(tmpdir(), 'perennial-tutorial-'));
  symlinkSync(join(clone, 'deploy'), join(folder, 'deploy'));
  const terminals = new Terminals(folder, { ...installation.environment, PERENNIAL_AUTHOR: 'ada' });
  try {
    for (const step of stepsOf(page)) await terminals.take(step);
    expect(await terminals.end()).toEqual([0, 0]);
  } finally {
    await terminals.end();
    await installation.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
