import { writeFileSync } from 'node:fs';
import { excerpt, fileTrouble, InvalidInput } from '@perennial/values';
import type { RunReport } from '@perennial/lifecycle-tests';
import { Ended, EXIT, onInterrupt, type Terminal } from '@perennial/command-line';
import { findTestFiles, watchFiles } from './test-files';
import { runTestFiles } from './run-test-files';

export interface TestOptions {
  readonly junit?: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly watch: boolean;
}

/** Runs lifecycle tests and says what became of them: once, or with `--watch` whenever something changes. */
export async function testLifecycles(
  paths: readonly string[],
  options: TestOptions,
  terminal: Terminal,
): Promise<void> {
  const { signal, release } = onInterrupt(() => Promise.resolve());
  try {
    if (options.watch) await watchTests(paths, options, terminal, signal);
    else end(await runOnce(findTestFiles(paths), options, terminal, signal));
  } catch (error) {
    throw signal.aborted ? new Ended(EXIT.interrupted) : error;
  } finally {
    release();
  }
}

async function runOnce(
  files: readonly string[],
  options: TestOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RunReport> {
  const report = await runTestFiles(files, signal);
  if (options.junit !== undefined) await writeJunit(options.junit, report);
  await print(report, options, terminal);
  return report;
}

async function print(report: RunReport, { json, verbose }: TestOptions, terminal: Terminal): Promise<void> {
  const [{ describeProblem }, { describeRun, totalsOf }] = await Promise.all([
    import('@perennial/definition'),
    import('@perennial/lifecycle-tests'),
  ]);
  if (json) {
    terminal.json(JSON.stringify({ ...totalsOf(report), ...report }));
    return;
  }
  const problems = report.files.flatMap((file) => file.problems);
  // Of a definition that several files name, once.
  terminal.say(...new Set(problems.map((problem) => describeProblem(problem, problem.file))));
  terminal.out(...describeRun(report, verbose));
}

async function writeJunit(file: string, report: RunReport): Promise<void> {
  const { junitXml } = await import('@perennial/lifecycle-tests');
  try {
    writeFileSync(file, junitXml(report));
  } catch (cause) {
    const message = `${excerpt(file)} cannot be written: ${fileTrouble(cause)}. Give --junit a path in a folder that exists.`;
    throw new InvalidInput('CLI.UNWRITABLE', message, { cause });
  }
}

/** A wrong file weighs more than a failed test: what was not run is not known to work. */
function end({ files }: RunReport): void {
  if (files.some(({ problems }) => problems.length > 0)) throw new Ended(EXIT.badInput);
  if (files.some(({ tests }) => tests.some(({ passed }) => !passed))) throw new Ended(EXIT.failure);
}

/** Until Ctrl-C. Files that come later are found, and what is wrong with one is said like any result. */
async function watchTests(
  paths: readonly string[],
  options: TestOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  // A path that leads nowhere is refused at once.
  findTestFiles(paths);
  while (!signal.aborted) {
    const files = filesNow(paths, terminal);
    const report = await runOnce(files, options, terminal, signal);
    const definitions = report.files.flatMap(({ definition, problems }) => [
      ...(definition === null ? [] : [definition.file]),
      ...problems.map(({ file }) => file),
    ]);
    terminal.say('', 'Waiting for a change. Ctrl-C ends it.');
    await watchFiles([...files, ...definitions], paths, signal);
  }
}

function filesNow(paths: readonly string[], terminal: Terminal): readonly string[] {
  try {
    return findTestFiles(paths);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    terminal.say(error.message);
    return [];
  }
}
