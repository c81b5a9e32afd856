import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InvalidInput } from '@perennial/contracts';
import type { CompiledDefinition } from '@perennial/definition';
import { readInput } from '../read-input';
import { repository } from '../repository';

const templates = join(repository, 'libs/definition/templates');
const TEMPLATE_NAME = /^[a-z0-9-]+$/;

/**
 * The definition in a file, or of the shipped template of that name. Throws `InvalidInput` with all problems, each with
 * file, line and column.
 */
export async function readDefinition(fileOrName: string): Promise<CompiledDefinition> {
  const file = templateFile(fileOrName) ?? fileOrName;
  const { compileBytes, describeProblem, LIMITS } = await import('@perennial/definition');
  const compiled = compileBytes(await read(file, LIMITS.bytes));
  if (compiled.ok) return compiled.definition;
  const problems = compiled.problems.map((problem) => describeProblem(problem, file));
  throw new InvalidInput('DEFINITION.INVALID', problems.join('\n'));
}

/** The file of the shipped template of a name; null when there is none. */
export function templateFile(name: string): string | null {
  const file = join(templates, `${name}.yaml`);
  return TEMPLATE_NAME.test(name) && existsSync(file) ? file : null;
}

/** Names of the shipped templates; their tests lie beside them. */
export function templateNames(): readonly string[] {
  return readdirSync(templates)
    .map((name) => basename(name, '.yaml'))
    .filter((name) => TEMPLATE_NAME.test(name));
}

async function read(file: string, most: number): Promise<Uint8Array> {
  try {
    return await readInput(file, most);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    const remedy = `Give the path of a definition, - for stdin, or the name of a template: ${templateNames().join(', ')}.`;
    throw new InvalidInput('DEFINITION.UNREADABLE', `The definition ${cause.message} ${remedy}`, {
      cause,
    });
  }
}
