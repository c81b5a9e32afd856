import { formatDuration, formatInstant, LAST_INSTANT, type Instant } from '@perennial/values';
import type { WrittenTime } from './shape/time-shape';

/** The time of one test. */
export interface Timeline {
  readonly start: Instant;
  /** Whether the file says when the test starts: else its times are told from the start on. */
  readonly stated: boolean;
}

export const resolveTime = ({ start }: Pick<Timeline, 'start'>, time: WrittenTime): Instant =>
  time.kind === 'instant' ? time.instant : start + time.ms;

/** An instant as a test file writes it. */
export function showTime({ start, stated }: Timeline, instant: Instant): string {
  if (stated || instant < start) return calendarTime(instant);
  return instant === start ? 'start' : formatDuration(instant - start);
}

function calendarTime(instant: Instant): string {
  return instant > LAST_INSTANT ? 'after the year 9999' : formatInstant(instant).replace('.000Z', 'Z');
}
