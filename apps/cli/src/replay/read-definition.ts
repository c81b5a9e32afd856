import { InvalidInput } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import { definitionFileOf, templateNames, templateOf } from '../definition/templates';
import { readInput } from '../read-input';

/** A definition that compiles, and where it was read. */
export interface ReadDefinition {
  readonly definition: CompiledDefinition;
  /** Each with file, line and column. */
  readonly warnings: readonly string[];
}

/**
 * The definition in a file, of stdin for `-`, or of the shipped template of that name. Throws `InvalidInput` with all
 * problems, each with file, line and column.
 */
export async function readDefinition(fileOrName: string): Promise<CompiledDefinition> {
  return (await readDefinitionFile(fileOrName)).definition;
}

/** As {@link readDefinition}, with what the definition's author should know beside it. */
export async function readDefinitionFile(fileOrName: string): Promise<ReadDefinition> {
  const template = templateOf(fileOrName);
  const file = template === null ? fileOrName : definitionFileOf(template);
  const { compileBytes, describeProblem, LIMITS } = await import('@perennial/definition');
  const compiled = compileBytes(await read(file, LIMITS.bytes));
  if (compiled.ok)
    return { definition: compiled.definition, warnings: compiled.warnings.map((one) => describeProblem(one, file)) };
  const problems = compiled.problems.map((problem) => describeProblem(problem, file));
  throw new InvalidInput('DEFINITION.INVALID', problems.join('\n'));
}

async function read(file: string, most: number): Promise<Uint8Array> {
  try {
    return await readInput(file, most);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    const remedy = `Give the path of a definition, - for stdin, or the name of a template: ${templateNames()}.`;
    throw new InvalidInput('DEFINITION.UNREADABLE', `The definition ${cause.message} ${remedy}`, {
      cause,
    });
  }
}
