/** Facts as test files write them, so that a line of a difference can be copied into the file. */
import { isPlain } from './plain-text';
import { showTime } from '../timeline';
import type { Timeline } from '../timeline';
import type { TestedFact } from './check';

/** `stage` is the region that is not named. */
export function factText(fact: TestedFact, timeline: Timeline, stageRegion: string): string {
  const at = showTime(timeline, fact.occurredAt);
  if (fact.kind === 'signal') {
    return flowText([
      ['signal', fact.signal],
      ['change', fact.change],
      ['at', at],
      ['activity', fact.activityId],
    ]);
  }
  const { region, from, to, path, cause } = fact;
  const plainPath = from === null ? `→ ${to}` : `${from} → ${to}`;
  return flowText([
    ['region', region === stageRegion ? null : region],
    ['from', from ?? NULL],
    ['to', to],
    ['path', path === plainPath ? null : path],
    ['at', at],
    [
      'cause',
      {
        flow: flowText([
          ['kind', cause.kind],
          ['signal', cause.signal],
          ['activity', cause.activityId],
        ]),
      },
    ],
  ]);
}

/** YAML's null, which is not a text. */
export const NULL = { flow: 'null' };

/** A flow map of what is stated; null is left out. */
export function flowText(
  entries: readonly (readonly [key: string, value: string | { readonly flow: string } | null])[],
): string {
  const stated = entries.flatMap(([key, value]) => {
    if (value === null) return [];
    return [`${key}: ${typeof value === 'string' ? (isPlain(value) ? value : JSON.stringify(value)) : value.flow}`];
  });
  return `{ ${stated.join(', ')} }`;
}
