/** The times of a test file: as they are written, as instants, and as they are shown. */
import { timeTextFlaw } from '@perennial/contracts';
import {
  formatDuration,
  formatInstant,
  type Instant,
  LAST_INSTANT,
  type Millis,
  parseDuration,
  parseInstant,
} from '@perennial/values';
import { isText, wrongType, type Located, type Shape } from '@perennial/definition';

/** A time as it is written: one of the calendar, or so long after the start of the test. */
export type WrittenTime =
  | { readonly kind: 'instant'; readonly instant: Instant }
  | { readonly kind: 'since-start'; readonly ms: Millis };

const START = 'start';
const EXPECTED =
  'a time: RFC 3339 with a zone, such as 2024-01-31T09:00:00Z, a duration since the start of the test, such as P30D, or start';
const INSTANT = 'a time in RFC 3339 with a zone, such as 2024-01-31T09:00:00Z';

export const timeShape: Shape<Located<WrittenTime>> = {
  schema: { type: 'string', description: `${EXPECTED.charAt(0).toUpperCase()}${EXPECTED.slice(1)}.` },
  read: (tree, problems) => {
    if (!isText(tree)) return wrongType(tree, EXPECTED, problems);
    const read = readTime(tree.value);
    if ('kind' in read) return { value: read, at: tree.at };
    problems.error(read.code, tree.at, read.message);
    return null;
  },
};

/** A time of the calendar. */
export const instantShape: Shape<Located<Instant>> = {
  schema: { type: 'string', description: `A${INSTANT.slice(1)}.` },
  read: (tree, problems) => {
    if (!isText(tree)) return wrongType(tree, INSTANT, problems);
    const instant = parseInstant(tree.value);
    if (instant !== null) return { value: instant, at: tree.at };
    problems.error('DEFINITION.VALUE', tree.at, `The time ${timeTextFlaw(tree.value)}.`);
    return null;
  },
};

type Flaw = { readonly code: 'DEFINITION.DURATION' | 'DEFINITION.VALUE'; readonly message: string };

function readTime(text: string): WrittenTime | Flaw {
  if (text === START) return { kind: 'since-start', ms: 0 };
  const instant = parseInstant(text);
  if (instant !== null) return { kind: 'instant', instant };
  if (/^\d{4}-/.test(text)) return { code: 'DEFINITION.VALUE', message: `The time ${timeTextFlaw(text)}.` };
  if (!/^-?[Pp\d]/.test(text))
    return {
      code: 'DEFINITION.VALUE',
      message: `${JSON.stringify(text.slice(0, 60))} does not fit; expected ${EXPECTED}.`,
    };
  const duration = parseDuration(text);
  if (duration.ok) return { kind: 'since-start', ms: duration.ms };
  return { code: 'DEFINITION.DURATION', message: duration.error };
}

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
