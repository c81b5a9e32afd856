import type { StateValue } from 'xstate';

/** The top-level state of an XState value. */
export function topOf(value: StateValue): string {
  return typeof value === 'string' ? value : (Object.keys(value)[0] ?? '');
}

/** A readable path: `in-life.regular`; parallel states in brackets: `in-life.(billing.paid|usage.high)`. */
export function pathOf(value: StateValue): string {
  if (typeof value === 'string') return value;
  const paths = Object.entries(value).map(([name, child]) => joined(name, child));
  return paths.length === 1 ? (paths[0] ?? '') : `(${paths.join('|')})`;
}

function joined(name: string, child: StateValue | undefined): string {
  if (child === undefined) return name;
  const below = pathOf(child);
  return below === '' || below === '()' ? name : `${name}.${below}`;
}

/** The path of every state in an XState value, outer ones first. */
export function pathsIn(value: StateValue): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Object.entries(value).flatMap(([name, child]) => [
    name,
    ...(child === undefined ? [] : pathsIn(child).map((path) => `${name}.${path}`)),
  ]);
}
