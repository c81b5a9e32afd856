/** Deadlines that are armed, by the names that tests use: a signal, `settle`, `after P30D`, `onboarding after P30D`. */
import { formatDuration, type Instant, type Millis } from '@perennial/values';
import { pendingDeadlines, readAfter, type Deadline } from '@perennial/lifecycle';
import { showTime, type Timeline } from '../timeline';
import { different, differenceOf, NOT_ENTERED, type Check, type DiffLine, type Observed } from './check';

export type DeadlineName =
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'settle' }
  /** `state` by its path; null: any state. */
  | { readonly kind: 'after'; readonly state: string | null; readonly ms: Millis };

/** `due`: null when the deadline is to be unarmed. */
export function deadlineCheck(
  { written, at }: { readonly written: string; readonly at: number },
  name: DeadlineName,
  due: Instant | null,
): Check {
  return {
    at,
    subject: `deadline ${written}`,
    compare: ({ plan, state, timeline }) => {
      const expected = due === null ? 'none' : showTime(timeline, due);
      if (state === null) return different(expected, NOT_ENTERED);
      const pending = pendingDeadlines(plan, state);
      const named = pending.filter((deadline) => isNamed(deadline, name));
      if (due === null ? named.length === 0 : named.some((deadline) => deadline.due === due)) return [];
      const actual = named.map((deadline) => showTime(timeline, deadline.due)).join(' and ');
      return [...different(expected, actual === '' ? 'none' : actual), ...armed(pending, timeline)];
    },
  };
}

export function noDeadlinesCheck(at: number): Check {
  const compare = ({ plan, state, timeline }: Observed): readonly DiffLine[] => {
    if (state === null) return different('none', NOT_ENTERED);
    const pending = pendingDeadlines(plan, state);
    return differenceOf('none', pending.length === 0 ? 'none' : flow(pending, timeline));
  };
  return { at, subject: 'deadlines', compare };
}

function isNamed({ kind, name }: Deadline, wanted: DeadlineName): boolean {
  switch (wanted.kind) {
    case 'signal':
      return (kind === 'absent' || kind === 'crossing') && name === wanted.signal;
    case 'settle':
      return kind === 'settle';
    case 'after': {
      const after = kind === 'after' ? readAfter(name ?? '') : null;
      if (after === null || after.delay !== wanted.ms) return false;
      return wanted.state === null || pathOf(after.state) === wanted.state;
    }
  }
}

/** Without the name of the region. */
const pathOf = (id: string): string => id.slice(id.indexOf('.') + 1);

function armed(pending: readonly Deadline[], timeline: Timeline): readonly DiffLine[] {
  return pending.length === 0 ? [] : [{ sign: ' ', text: `armed: ${flow(pending, timeline)}` }];
}

function flow(pending: readonly Deadline[], timeline: Timeline): string {
  return `{ ${pending.map((deadline) => `${nameOf(deadline)}: ${showTime(timeline, deadline.due)}`).join(', ')} }`;
}

function nameOf({ kind, name }: Deadline): string {
  const after = kind === 'after' ? readAfter(name ?? '') : null;
  return after === null ? (name ?? 'settle') : `${pathOf(after.state)} after ${formatDuration(after.delay)}`;
}
