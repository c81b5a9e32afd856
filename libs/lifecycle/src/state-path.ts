/** Paths of states, from the values and the events of XState. */
import type { Millis } from '@perennial/values';
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
function pathsIn(value: StateValue): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Object.entries(value).flatMap(([name, child]) => [
    name,
    ...(child === undefined ? [] : pathsIn(child).map((path) => `${name}.${path}`)),
  ]);
}

/** Paths of all states that are active in a configuration of a chart: `in-life` and `in-life.regular`. */
export function activeStates({ key }: { readonly key: string }): readonly string[] {
  const [value] = JSON.parse(key) as [StateValue];
  return pathsIn(value);
}

/** What an event of `after` says: the id (`region.path`) of its state, and the delay. Null for the events of signals. */
export function readAfter(event: string): { readonly state: string; readonly delay: Millis } | null {
  const [, delay, state] = /^xstate\.after\.(\d+)\.(.+)$/.exec(event) ?? [];
  return delay === undefined || state === undefined ? null : { state, delay: Number(delay) };
}
