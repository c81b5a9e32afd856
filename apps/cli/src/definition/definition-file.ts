import { excerpt, fileTrouble, InvalidInput } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import { createReadStream } from 'node:fs';
import { definitionFileOf, templateNames, templateOf } from './templates';

/** A definition that compiles, and where it was read. */
interface ReadDefinition {
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

/** As {@link readDefinition}, with the compiler's warnings. */
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

/** Names of stdin. The paths stand for the open stream: where stdin is a socket they cannot be opened. */
const STDIN = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/**
 * Reads at most `most` + 1 bytes of a file, or of stdin for `-`: the one byte more tells that the file is too large, and an
 * endless file ends. Throws `InvalidInput` when it cannot be read.
 */
export async function readInput(file: string, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const input: AsyncIterable<Uint8Array> = STDIN.includes(file) ? process.stdin : createReadStream(file);
    for await (const chunk of input) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) break;
    }
  } catch (cause) {
    const message = `${file === '' ? '""' : excerpt(file)} cannot be read: ${fileTrouble(cause)}.`;
    throw new InvalidInput('CLI.UNREADABLE_FILE', message, { cause });
  }
  return Buffer.concat(chunks).subarray(0, most + 1);
}
