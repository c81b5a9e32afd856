import { parseDuration, type Millis, type ParsedDuration } from '@perennial/values';
import type { ProblemCode } from '../problems';
import { didYouMean } from '../spelling';
import type { Located, Tree, TreeScalar } from '../yaml-tree';
import { quote, wrongType, type Shape } from './shape';

/** A text of a given form. `expected` completes "expected …". */
export function text(form: { pattern: RegExp; expected: string; code?: ProblemCode }): Shape<Located<string>> {
  const { pattern, expected, code = 'DEFINITION.VALUE' } = form;
  return {
    schema: { type: 'string', pattern: pattern.source, description: sentence(expected) },
    read: (tree, problems) => {
      if (!isText(tree)) return wrongType(tree, expected, problems);
      if (!pattern.test(tree.value)) {
        problems.error(code, tree.at, `${quote(tree.value)} does not fit; expected ${expected}.`);
        return null;
      }
      return { value: tree.value, at: tree.at };
    },
  };
}

/** Any text that is not empty. */
export function freeText(expected: string): Shape<Located<string>> {
  return text({ pattern: /\S/, expected });
}

/** One of a closed set of words. */
export function oneOf<T extends string>(words: readonly T[], what: string): Shape<Located<T>> {
  return choice(new Map(words.map((word) => [word, word])), what);
}

/** One of a closed set of words, each with its meaning. */
export function choice<T>(meanings: ReadonlyMap<string, T>, what: string): Shape<Located<T>> {
  const words = [...meanings.keys()];
  const expected = `${what}: ${words.join(', ')}`;
  return {
    schema: { enum: words },
    read: (tree, problems) => {
      if (!isText(tree)) return wrongType(tree, expected, problems);
      const value = meanings.get(tree.value);
      if (value !== undefined) return { value, at: tree.at };
      const written = tree.value;
      const message = (): string =>
        `${quote(written)} does not fit; expected ${expected}.${didYouMean(written, words)}`;
      problems.error('DEFINITION.VALUE', tree.at, message);
      return null;
    },
  };
}

/** A number above zero, at most `most`; whole when asked for. */
export function positive(kind: 'integer' | 'number', expected: string, most?: number): Shape<Located<number>> {
  const limits = { exclusiveMinimum: 0, ...(most === undefined ? {} : { maximum: most }) };
  return {
    schema: { type: kind, ...limits, description: sentence(expected) },
    read: (tree, problems) => {
      const value = tree.kind === 'scalar' ? tree.value : undefined;
      if (typeof value !== 'number') return wrongType(tree, unquoted(value, expected), problems);
      const fits =
        value > 0 &&
        value <= (most ?? Infinity) &&
        (kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value));
      if (fits) return { value, at: tree.at };
      problems.error('DEFINITION.VALUE', tree.at, `${value} does not fit; expected ${expected}.`);
      return null;
    },
  };
}

/** A number in quotes is a text to YAML. */
function unquoted(value: unknown, expected: string): string {
  return typeof value === 'string' && /^\d+$/.test(value) ? `${expected}, without quotes: ${value}` : expected;
}

export function boolean(expected: string): Shape<Located<boolean>> {
  return {
    schema: { type: 'boolean', description: sentence(expected) },
    read: (tree, problems) => {
      const value = tree.kind === 'scalar' ? tree.value : undefined;
      return typeof value === 'boolean' ? { value, at: tree.at } : wrongType(tree, expected, problems);
    },
  };
}

/** An ISO 8601 duration of days and smaller, in milliseconds. */
export function duration(): Shape<Located<Millis>> {
  return durationReadBy(parseDuration, 'a duration such as P30D, PT12H or P1DT6H');
}

/** After which a deadline falls due; shorter ones could fall due faster than they can be fired. */
const SHORTEST_DELAY: Millis = 1_000;

/** A duration after which a deadline falls due: at least a second. */
export function delay(): Shape<Located<Millis>> {
  return durationReadBy(readDelay, 'a duration of at least PT1S, such as P30D, PT12H or P1DT6H');
}

export function readDelay(text: string): ParsedDuration {
  const parsed = parseDuration(text);
  if (!parsed.ok || parsed.ms >= SHORTEST_DELAY) return parsed;
  return { ok: false, error: `${quote(text)} is less than a second; a deadline needs at least PT1S.` };
}

function durationReadBy(read: (text: string) => ParsedDuration, expected: string): Shape<Located<Millis>> {
  return {
    schema: { type: 'string', pattern: '^P[0-9DTHMSW.]+$', description: sentence(expected) },
    read: (tree, problems) => {
      if (!isText(tree)) return wrongType(tree, expected, problems);
      const parsed = read(tree.value);
      if (parsed.ok) return { value: parsed.ms, at: tree.at };
      problems.error('DEFINITION.DURATION', tree.at, parsed.error);
      return null;
    },
  };
}

/** A text scalar. */
export function isText(tree: Tree): tree is TreeScalar & { readonly value: string } {
  return tree.kind === 'scalar' && typeof tree.value === 'string';
}

function sentence(expected: string): string {
  return `${expected.charAt(0).toUpperCase()}${expected.slice(1)}.`;
}
