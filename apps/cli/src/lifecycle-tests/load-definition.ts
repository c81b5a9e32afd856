import { dirname, isAbsolute, join } from 'node:path';
import { InvalidInput } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import type { Coverage, PlacedProblem, ReadFile } from '@perennial/lifecycle-tests';
import { readInput } from '../read-input';
import { definitionFileOf, templateNames, templateOf } from '../definition/templates';

/** A definition that tests name, with what they came by so far; or why it cannot be had. */
export type LoadedDefinition =
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
