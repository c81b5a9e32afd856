/** Facts that were stated: exactly these, or these among them and others not at all. Always in order. */
import { showTime, type Timeline } from '../timeline';
import type { Check, DiffLine, Observed, TestedFact } from './check';

/** Facts of which something is stated. */
export interface FactPattern {
  readonly matches: (fact: TestedFact) => boolean;
  readonly text: (timeline: Timeline) => string;
}

export type ExpectedFacts =
  | { readonly form: 'exactly'; readonly patterns: readonly FactPattern[] }
  | { readonly form: 'among'; readonly include: readonly FactPattern[]; readonly exclude: readonly FactPattern[] };

/** `subject` says which facts count: `moves` are those of stages and regions only. */
export function factsCheck(subject: 'moves' | 'facts', at: number, expected: ExpectedFacts): Check {
  return {
    at,
    subject,
    compare: (observed) => {
      const facts = observed.facts.filter(({ kind }) => subject === 'facts' || kind === 'stage-changed');
      const show = (fact: TestedFact): string =>
        factText(fact, observed.timeline, observed.plan.definition.regions[0].name);
      const shown: Shown = { facts, show, timeline: observed.timeline };
      return expected.form === 'exactly' ? exactly(expected.patterns, shown) : among(expected, shown);
    },
  };
}

interface Shown extends Pick<Observed, 'timeline'> {
  readonly facts: readonly TestedFact[];
  readonly show: (fact: TestedFact) => string;
}

/** What agrees from the beginning and from the end is context; between them stands what differs. */
function exactly(patterns: readonly FactPattern[], { facts, show, timeline }: Shown): readonly DiffLine[] {
  const agrees = (pattern: number, fact: number): boolean => {
    const [expected, actual] = [patterns[pattern], facts[fact]];
    return expected !== undefined && actual !== undefined && expected.matches(actual);
  };
  const most = Math.min(patterns.length, facts.length);
  let before = 0;
  while (before < most && agrees(before, before)) before += 1;
  let after = 0;
  while (after < most - before && agrees(patterns.length - 1 - after, facts.length - 1 - after)) after += 1;
  const missing = patterns.slice(before, patterns.length - after);
  const further = facts.slice(before, facts.length - after);
  if (missing.length === 0 && further.length === 0) return [];
  return [
    ...facts.slice(0, before).map((fact) => line(' ', show(fact))),
    ...(patterns.length === 0 ? [line('-', 'none')] : []),
    ...missing.map((pattern) => line('-', pattern.text(timeline))),
    ...further.map((fact) => line('+', show(fact))),
    ...(facts.length === 0 ? [line('+', 'none')] : []),
    ...facts.slice(facts.length - after).map((fact) => line(' ', show(fact))),
  ];
}

function among({ include, exclude }: ExpectedFacts & { form: 'among' }, shown: Shown): readonly DiffLine[] {
  const { facts, show, timeline } = shown;
  let next = 0;
  const missing = include.filter((pattern) => {
    const found = facts.findIndex((fact, index) => index >= next && pattern.matches(fact));
    if (found >= 0) next = found + 1;
    return found < 0;
  });
  const unwanted = facts.filter((fact) => exclude.some((pattern) => pattern.matches(fact)));
  if (missing.length === 0 && unwanted.length === 0) return [];
  return [
    ...missing.map((pattern) => line('-', pattern.text(timeline))),
    ...facts.map((fact) => line(unwanted.includes(fact) ? '+' : ' ', show(fact))),
    ...(facts.length === 0 ? [line('+', 'none')] : []),
  ];
}

const line = (sign: DiffLine['sign'], text: string): DiffLine => ({ sign, text });

/** A fact as test files write it, so that a line of a difference can be copied into the file. `stageRegion` is not named. */
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

/** Words that YAML takes for something else than text. */
const NO_TEXT = /^(?:null|true|false|~|[-+.\d].*)$/i;
const TIME_OR_DURATION = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Whether a text can stand in a YAML flow map as it is. */
function isPlain(text: string): boolean {
  if (TIME_OR_DURATION.test(text)) return true;
  return /^[\p{L}\d→(][\p{L}\p{N} ._|()→-]*$/u.test(text) && !NO_TEXT.test(text) && !text.endsWith(' ');
}
