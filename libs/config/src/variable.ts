/** How one variable is read and documented, and rules over several of them. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What docs/configuration.md says about a variable. */
export interface VariableDoc {
  /** What it sets and what follows from it, in one or two sentences. */
  readonly about: string;
  /** What a number counts; left out for text. */
  readonly unit?: string;
  /** Its value is never printed. */
  readonly secret?: boolean;
  /** How the default reads in the docs where the schema's own value says too little. */
  readonly defaultText?: string;
}

/** Documentation of every variable, attached to its schema. */
export const variableDocs = z.registry<VariableDoc>();

/** A whole number written in digits. */
export function integer(min: number, max: number): z.ZodType<number, string> {
  return z.string().transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    context.issues.push({ code: 'custom', input: text, message: `expected a whole number from ${min} to ${max}` });
    return z.NEVER;
  });
}

/** `true` or `false`. */
export const flag = z.enum(['true', 'false'], 'expected true or false').transform((text) => text === 'true');

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
): z.ZodEnum<z.core.util.ToEnum<Words[number]>> {
  return z.enum(words, `expected one of ${words.join(', ')}`);
}

/** The path of a readable text file; the value is the file's content, trimmed: UTF-8, strictly, since a key with a replaced letter opens nothing. */
export const textFile = z.string().transform((path, context) => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)).trim();
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    const notUtf8 = code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    const message = notUtf8 ? 'the file is not UTF-8; save it as UTF-8' : `expected a readable file (${code})`;
    context.issues.push({ code: 'custom', input: path, message });
    return z.NEVER;
  }
});

/** A rule over several variables. It is tried only when all of them are valid on their own. */
export interface CrossCheck<Values> {
  /** The variable that is blamed comes first. */
  readonly names: readonly [keyof Values & string, ...(keyof Values & string)[]];
  readonly holds: (values: Values) => boolean;
  readonly message: string | ((values: Values) => string);
}

/** Adds the rules to an object schema, so that all problems are found in one go. */
export function crossChecked<Schema extends z.ZodType>(
  schema: Schema,
  checks: readonly CrossCheck<z.output<Schema>>[],
): Schema {
  return checks.reduce<Schema>(
    (checked, { names, holds, message }) =>
      checked.refine(holds, {
        path: [names[0]],
        error: typeof message === 'string' ? message : ({ input }) => message(input as z.output<Schema>),
        when: ({ issues }) => !issues.some((issue) => names.some((name) => name === issue.path?.[0])),
      }),
    schema,
  );
}
