/**
 * A page of docs, walked as it is written: in an installation and a folder of its own, so that pages share nothing.
 *
 * Invariant: the import of a page leads to the facts of its replay (the last one that succeeds before it).
 */
import { DEFAULT_TENANT } from '@perennial/values';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { publishedFacts, replayedFacts } from '../e2e/history-facts';
import { Installation } from '../e2e/installation';
import { Terminals } from './terminals';
import { type Step, stepsOf } from './walk';

const clone = join(__dirname, '../..');

/** Adds the test of one page, such as `docs/tutorial.md`. One page per spec file, so that Jest's workers share them out. */
export function walkPage(page: string): void {
  it(`what ${page} lets one type prints what it tells, and its import leads to the facts of its replay`, async () => {
    const steps = stepsOf(readFileSync(join(clone, page), 'utf8'));
    const installation = await Installation.create(basename(page, '.md'));
    const folder = likeAClone(installation);
    const terminals = new Terminals(folder, { ...installation.environment, PERENNIAL_AUTHOR: 'ada' });
    try {
      for (const step of steps) await terminals.take(keepingFacts(step));
      const replayed = replayedFacts(join(folder, FACTS));
      expect(Object.keys(replayed).length).toBeGreaterThan(0);
      expect(await publishedFacts(installation, DEFAULT_TENANT)).toEqual(replayed);
      const codes = await terminals.end();
      expect(codes).toEqual(codes.map(() => 0));
    } finally {
      await terminals.end();
      await installation.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
}

const FACTS = 'facts-of-the-replay';

/** A replay also writes its facts, which it prints nothing about. */
const keepingFacts = (step: Step): Step =>
  step.command?.startsWith('npx perennial replay ') === true && step.exit === 0
    ? { ...step, command: `${step.command} --facts ${FACTS}` }
    : step;

/** A folder with the sample files and the stack's own folder where a clone has them. */
function likeAClone({ environment }: Installation): string {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-tutorial-'));
  symlinkSync(join(clone, 'deploy'), join(folder, 'deploy'));
  symlinkSync(environment['PERENNIAL_HOME'] ?? '', join(folder, '.perennial'));
  return folder;
}
