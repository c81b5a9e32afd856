/** Facts as tests expect them → what they match. Only what is stated counts; names that no fact can have are errors. */
import { CAUSE_KINDS, type Cause, type SignalFlip, type StageChangedFact } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import { didYouMean, quote, type Located, type Signal } from '@perennial/definition';
import { flowText, NULL, type ExpectedFacts, type FactPattern } from '../check/facts';
import type { TestProblems } from '../problems';
import type { WrittenCause, WrittenFact, WrittenFacts, WrittenFlip, WrittenMove } from '../shape/fact-shape';
import { type WrittenTime, resolveTime, showTime, type Timeline } from '../timeline';
import type { Vocabulary } from './vocabulary';

/** When a fact is expected, and the ids that its activity can have. */
export interface Scene {
  readonly timeline: Timeline;
  /** The clock at the step. */
  readonly now: Instant;
  readonly activityIds: readonly string[];
}

export class PatternCompiler {
  constructor(
    private readonly names: Vocabulary,
    private readonly scene: Scene,
    private readonly problems: TestProblems,
  ) {}

  compile(written: WrittenFacts): ExpectedFacts {
    const patterns = (facts: readonly WrittenFact[]): FactPattern[] => facts.map((fact) => this.pattern(fact));
    return written.form === 'exactly'
      ? { form: 'exactly', patterns: patterns(written.facts) }
      : { form: 'among', include: patterns(written.include), exclude: patterns(written.exclude) };
  }

  private pattern(fact: WrittenFact): FactPattern {
    const stated = [...fact.keys.keys()].filter((key) => key !== 'kind');
    if (stated.length === 0) {
      this.problems.error(
        'TESTS.NO_EXPECTATION',
        fact.at,
        'The fact states nothing, so any fact would do. Say which one.',
      );
    }
    return fact.form === 'move' ? this.move(fact) : this.flip(fact);
  }

  private move(written: WrittenMove): FactPattern {
    const { region, from, to, path } = written;
    const index = region === undefined ? null : this.names.region(region);
    if (from !== undefined && from.value !== null) this.names.isTopState({ value: from.value, at: from.at }, index);
    if (to !== undefined) this.names.isTopState(to, index);
    if (path !== undefined) this.names.isPath(path);
    const at = this.time(written.time);
    const cause = written.cause === undefined ? null : this.cause(written.cause);
    return {
      matches: (fact) =>
        fact.kind === 'stage-changed' &&
        isOrUnstated(region?.value, fact.region) &&
        isOrUnstated(from?.value, fact.from) &&
        isOrUnstated(to?.value, fact.to) &&
        isOrUnstated(path?.value, fact.path) &&
        isOrUnstated(at, fact.occurredAt) &&
        (cause === null || isCause(cause, fact)),
      text: (timeline) =>
        flowText([
          ['region', region?.value ?? null],
          ['from', from === undefined ? null : (from.value ?? NULL)],
          ['to', to?.value ?? null],
          ['path', path?.value ?? null],
          ['at', at === undefined ? null : showTime(timeline, at)],
          ['cause', cause === null ? null : { flow: causeText(cause) }],
        ]),
    };
  }

  private flip(written: WrittenFlip): FactPattern {
    const { signal, change, activity } = written;
    const found = signal === undefined ? null : this.names.signal(signal);
    if (found !== null) this.checkChange(found.value, change, written.at);
    if (activity !== undefined) this.checkActivity(activity);
    const at = this.time(written.time);
    return {
      matches: (fact) =>
        fact.kind === 'signal' &&
        isOrUnstated(signal?.value, fact.signal) &&
        isOrUnstated(change?.value, fact.change) &&
        isOrUnstated(at, fact.occurredAt) &&
        isOrUnstated(activity?.value, fact.activityId),
      text: (timeline) =>
        flowText([
          ['signal', signal?.value ?? null],
          ['change', change?.value ?? null],
          ['at', at === undefined ? null : showTime(timeline, at)],
          ['activity', activity?.value ?? null],
        ]),
    };
  }

  /** A pulse is never on or off, and a fact only where its definition publishes it. */
  private checkChange(
    { name, kind, publish }: Signal,
    change: Located<SignalFlip['change']> | undefined,
    at: number,
  ): void {
    const wants = change?.value ?? (kind === 'pulse' ? 'pulse' : 'on');
    if (wants === 'pulse' && kind !== 'pulse')
      this.never(change?.at ?? at, `"${name}" is no pulse: it turns on and off`);
    if (wants !== 'pulse' && kind === 'pulse')
      this.never(change?.at ?? at, `"${name}" is a pulse: it is never on or off`);
    if (wants === 'pulse' && kind === 'pulse' && !publish) {
      this.never(at, `pulses of "${name}" are not published; give the signal publish: true, or expect what it moves`);
    }
  }

  private cause(written: WrittenCause): CausePattern {
    if (written.form === 'word') return this.causeByWord(written.word, written.at);
    const { kind, signal, activity } = written;
    if (kind === undefined && signal === undefined && activity === undefined) {
      this.problems.error(
        'TESTS.NO_EXPECTATION',
        written.at,
        'The cause states nothing. Say its kind, signal or activity.',
      );
    }
    if (signal !== undefined) this.names.signal(signal);
    if (activity !== undefined) this.checkActivity(activity);
    return { kind: kind?.value, signal: signal?.value, activity: activity?.value };
  }

  private causeByWord(word: string, at: number): CausePattern {
    if (this.names.isSignal(word)) return { kind: undefined, signal: word, activity: undefined };
    const kind = CAUSE_KINDS.find((candidate) => candidate === word && candidate !== 'command');
    if (kind === undefined) this.names.signal({ value: word, at });
    return { kind, signal: undefined, activity: undefined };
  }

  private checkActivity({ value, at }: Located<string>): void {
    const { activityIds } = this.scene;
    if (activityIds.includes(value)) return;
    const message = (): string =>
      `No activity of the test has the id ${quote(value)}.${didYouMean(value, activityIds)}`;
    this.problems.error('TESTS.UNKNOWN_ACTIVITY', at, message);
  }

  private time(written: Located<WrittenTime> | undefined): Instant | undefined {
    if (written === undefined) return undefined;
    const { timeline, now } = this.scene;
    const instant = resolveTime(timeline, written.value);
    if (instant <= now) return instant;
    this.never(written.at, `the clock stands at ${showTime(timeline, now)} at this step, and facts are not later`);
    return instant;
  }

  private never(at: number, why: string): void {
    this.problems.error('TESTS.NEVER', at, `This fact can never be: ${why}.`);
  }
}

interface CausePattern {
  readonly kind: Cause['kind'] | undefined;
  readonly signal: string | undefined;
  readonly activity: string | undefined;
}

function isCause({ kind, signal, activity }: CausePattern, { cause }: StageChangedFact): boolean {
  return (
    isOrUnstated(kind, cause.kind) && isOrUnstated(signal, cause.signal) && isOrUnstated(activity, cause.activityId)
  );
}

function causeText({ kind, signal, activity }: CausePattern): string {
  return flowText([
    ['kind', kind ?? null],
    ['signal', signal ?? null],
    ['activity', activity ?? null],
  ]);
}

function isOrUnstated<T>(expected: T | undefined, actual: T): boolean {
  return expected === undefined || expected === actual;
}
