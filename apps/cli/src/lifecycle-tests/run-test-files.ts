import { setImmediate } from 'node:timers/promises';
import { InvalidInput } from '@perennial/values';
import type {
  Coverage,
  FileReport,
  LifecycleTest,
  PlacedProblem,
  ReadFile,
  RunReport,
  TestResult,
  TimedResult,
} from '@perennial/lifecycle-tests';
import { dirname, isAbsolute, join } from 'node:path';
import type { CompiledDefinition } from '@perennial/definition';
import { openLateProgress } from '@perennial/command-line';
import { readInput } from '../definition/definition-file';
import { definitionFileOf, templateNames, templateOf } from '../definition/templates';

type Usable = LoadedDefinition & { readonly ok: true };

/** A file whose tests can run, or whose problems say why not. */
type Prepared =
  | { readonly ok: true; readonly file: string; readonly of: Usable; readonly tests: readonly LifecycleTest[] }
  | {
      readonly ok: false;
      readonly file: string;
      readonly of: LoadedDefinition | null;
      readonly problems: readonly PlacedProblem[];
    };

/** Runs all tests of the files; one that is wrong keeps none of the others back. Rejects when interrupted. */
export async function runTestFiles(files: readonly string[], signal: AbortSignal): Promise<RunReport> {
  const started = performance.now();
  const definitions = new Definitions();
  const progress = openLateProgress({ title: 'test', unit: 'files', total: files.length });
  try {
    const reports: FileReport[] = [];
    const ran = new Set<Coverage>();
    for (const file of files) {
      const prepared = await prepare(file, definitions);
      if (prepared.ok) ran.add(prepared.of.coverage);
      reports.push(await runFile(prepared));
      progress.update(reports.length);
      // Lets Ctrl-C in.
      await setImmediate();
      signal.throwIfAborted();
    }
    const coverage = [...ran].map((one) => one.report());
    return { files: reports, coverage, ms: performance.now() - started };
  } finally {
    progress.stop();
  }
}

async function prepare(file: string, definitions: Definitions): Promise<Prepared> {
  const [{ LIMITS }, { compileTests, readTestFile }] = await Promise.all([
    import('@perennial/definition'),
    import('@perennial/lifecycle-tests'),
  ]);
  const bytes = await readOrProblem(file, LIMITS.bytes);
  if (!(bytes instanceof Uint8Array)) return { ok: false, file, of: null, problems: [bytes] };
  const read = readTestFile(bytes);
  if (!read.ok) return { ok: false, file, of: null, problems: placed(file, read.problems) };
  const of = await definitions.of(file, read.file);
  if (!of.ok) return { ok: false, file, of, problems: of.problems };
  const compiled = compileTests(read.file, of.definition);
  return compiled.ok
    ? { ok: true, file, of, tests: compiled.tests }
    : { ok: false, file, of, problems: placed(file, compiled.problems) };
}

/** A file that goes away while others are run is a problem of its own. */
async function readOrProblem(file: string, most: number): Promise<Uint8Array | PlacedProblem> {
  try {
    return await readInput(file, most);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { file, severity: 'error', code: error.code, message: error.message, line: 1, column: 1 };
  }
}

async function runFile(prepared: Prepared): Promise<FileReport> {
  const { file } = prepared;
  const definition = definitionOf(prepared);
  if (!prepared.ok) return { file, definition, problems: prepared.problems, tests: [] };
  const { runTest } = await import('@perennial/lifecycle-tests');
  const { coverage } = prepared.of;
  return { file, definition, problems: [], tests: prepared.tests.map((test) => timed(() => runTest(test, coverage))) };
}

function timed(run: () => TestResult): TimedResult {
  const started = performance.now();
  return { ...run(), ms: performance.now() - started };
}

function definitionOf({ of }: Prepared): FileReport['definition'] {
  return of?.ok === true ? { file: of.file, name: of.definition.name, version: of.definition.version } : null;
}

const placed = (file: string, problems: readonly Omit<PlacedProblem, 'file'>[]): readonly PlacedProblem[] =>
  problems.map((problem) => ({ ...problem, file }));

/** A definition that tests name, with what they came by so far; or why it cannot be had. */
type LoadedDefinition =
  | { readonly ok: true; readonly file: string; readonly definition: CompiledDefinition; readonly coverage: Coverage }
  | { readonly ok: false; readonly file: string; readonly problems: readonly PlacedProblem[] };

/** The definitions of one run, each read once however many files name it. */
export class Definitions {
  private readonly loaded = new Map<string, LoadedDefinition>();

  /** That of a test file. A problem of the reference itself stands in the test file, one of the definition in its own. */
  async of(testFile: string, { definition }: ReadFile): Promise<LoadedDefinition> {
    const file = fileOf(testFile, definition.value);
    const known = this.loaded.get(file);
    if (known !== undefined) return known;
    try {
      const loaded = await load(file);
      this.loaded.set(file, loaded);
      return loaded;
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      const message = `The definition ${error.message} Write its path from this file, or the name of a template: ${templateNames()}.`;
      const { line, column } = definition;
      const problem = { file: testFile, severity: 'error', code: 'TESTS.DEFINITION', message, line, column } as const;
      return { ok: false, file, problems: [problem] };
    }
  }
}

function fileOf(testFile: string, written: string): string {
  const template = templateOf(written);
  if (template !== null) return definitionFileOf(template);
  return isAbsolute(written) ? written : join(dirname(testFile), written);
}

async function load(file: string): Promise<LoadedDefinition> {
  const [{ compileBytes, LIMITS }, { Coverage }] = await Promise.all([
    import('@perennial/definition'),
    import('@perennial/lifecycle-tests'),
  ]);
  const compiled = compileBytes(await readInput(file, LIMITS.bytes));
  if (!compiled.ok) return { ok: false, file, problems: compiled.problems.map((problem) => ({ ...problem, file })) };
  return { ok: true, file, definition: compiled.definition, coverage: new Coverage(compiled.definition) };
}
