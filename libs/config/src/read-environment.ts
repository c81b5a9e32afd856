import { InvalidInput } from '@perennial/values';
import type { z } from 'zod';
import { nearestName } from './nearest-name';
import { variableDocs } from './variable';
import { variables } from './variables';

/** Names and values of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const known: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(variables));

/**
 * Reads what `schema` asks for from the environment. Values are trimmed; an empty value counts as not set.
 * Throws one {@link ConfigurationError} that names every problem; values of secrets never appear in it.
 */
export function readEnvironment<Output>(schema: z.ZodType<Output>, env: Environment = process.env): Output {
  const values = trimmed(env);
  const misspelt = misspeltNames(Object.keys(values));
  const result = schema.safeParse(values);
  if (result.success && misspelt.length === 0) return result.data;
  const issues = result.success ? [] : result.error.issues.map((issue) => problem(issue, values));
  throw new ConfigurationError([...misspelt, ...issues]);
}

/** The environment of a program that is started by another: `set` always, `defaults` where nothing is said. */
export function environmentWith(
  set: Environment,
  defaults: Environment = {},
  env: Environment = process.env,
): Environment {
  return { ...defaults, ...trimmed(env), ...set };
}

function trimmed(env: Environment): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const text = value?.trim() ?? '';
    if (text !== '') values[name] = text;
  }
  return values;
}

function problem(issue: z.core.$ZodIssue, values: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0] ?? 'environment');
  const schema = known.get(name);
  const value = values[name];
  if (value === undefined)
    return issue.code === 'custom' ? `${name}: ${issue.message}` : `${name}: not set. ${about(schema)}`;
  const secret = schema === undefined || variableDocs.get(schema)?.secret === true;
  return `${name}: ${issue.message}${secret || issue.path.length > 1 ? '' : `, got ${JSON.stringify(value)}`}`;
}

function about(schema: z.ZodType | undefined): string {
  return (schema && variableDocs.get(schema)?.about) ?? 'See docs/configuration.md.';
}

/** Our own prefix is closed; foreign prefixes are only refused where a typing mistake is likely. */
function misspeltNames(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (known.has(name) || !/^(PERENNIAL|KAFKA|DATABASE)_/.test(name)) return [];
    const near = nearestName(name, known.keys());
    if (near !== null) return [`${name}: unknown variable. Did you mean ${near}?`];
    return name.startsWith('PERENNIAL_')
      ? [`${name}: unknown variable. See docs/configuration.md for the known ones.`]
      : [];
  });
}

/** The environment is wrong. One message names all problems and their remedies; programs end with exit code 78. */
export class ConfigurationError extends InvalidInput {
  constructor(readonly problems: readonly string[]) {
    super(
      'CONFIG.INVALID',
      ['The configuration is not valid:', ...problems.map((problem) => `  ${problem}`)].join('\n'),
    );
  }
}
