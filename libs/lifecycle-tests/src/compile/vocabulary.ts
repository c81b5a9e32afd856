/** The names that a definition gives, looked up for tests: an unknown one is an error, with those that it may have meant. */
import { formatDuration, parseDuration } from '@perennial/values';
import {
  didYouMean,
  quote,
  type CompiledDefinition,
  type Field,
  type Located,
  type Signal,
} from '@perennial/definition';
import { statePaths, topStates, transitionsOf } from '../chart-names';
import type { DeadlineName } from '../check/deadlines';
import type { TestProblemCode, TestProblems } from '../problems';

/** Longer lists are left out of messages. */
const MOST_LISTED = 12;
const AFTER = /^(?:(\S+) )?after (\S+)$/;

export interface Found<T> {
  readonly index: number;
  readonly value: T;
}

export class Vocabulary {
  private readonly paths: readonly (readonly string[])[];
  private readonly tops: readonly (readonly string[])[];

  constructor(
    private readonly definition: CompiledDefinition,
    private readonly problems: TestProblems,
  ) {
    this.paths = definition.regions.map(statePaths);
    this.tops = definition.regions.map(topStates);
  }

  /** The index of a region. */
  region(name: Located<string>): number | null {
    const names = this.definition.regions.map((region) => region.name);
    const index = names.indexOf(name.value);
    return index >= 0 ? index : this.unknown('TESTS.UNKNOWN_REGION', 'region', name, names);
  }

  /** A state by its path, of one region; `index` null: of any. */
  isState(path: Located<string>, index: number | null): boolean {
    return this.isAmong('state', path, index === null ? this.paths.flat() : (this.paths[index] ?? []));
  }

  /** The same of what facts call `from` and `to`. */
  isTopState(name: Located<string>, index: number | null): boolean {
    return this.isAmong('top-level state', name, index === null ? this.tops.flat() : (this.tops[index] ?? []));
  }

  /** Whether the names in a path such as `in-life.regular → dormancy` are names of states. */
  isPath(path: Located<string>): boolean {
    const names = [...new Set(this.paths.flat().flatMap((known) => known.split('.')))];
    const parts = path.value.split(/[→.|()\s]+/).filter((part) => part !== '');
    if (!path.value.includes('→')) {
      this.problems.error('TESTS.NEVER', path.at, `A path has an arrow in it, such as in-life.regular → dormancy.`);
      return false;
    }
    return parts.every((part) => this.isAmong('state', { value: part, at: path.at }, names));
  }

  signal(name: Located<string>): Found<Signal> | null {
    const { signals } = this.definition;
    return this.find('TESTS.UNKNOWN_SIGNAL', 'signal', name, signals);
  }

  field(name: Located<string>): Found<Field> | null {
    return this.find('TESTS.UNKNOWN_FIELD', 'field of the profile', name, this.definition.fields);
  }

  isSignal(name: string): boolean {
    return this.definition.signals.some((signal) => signal.name === name);
  }

  /** The name of a deadline: a signal that time turns on or off, `settle`, `after P30D` or `onboarding after P30D`. */
  deadline(name: Located<string>): DeadlineName | null {
    const signal = this.definition.signals.find((candidate) => candidate.name === name.value);
    if (signal !== undefined) return this.deadlineOf(signal, name);
    if (name.value === 'settle') return { kind: 'settle' };
    const [, state = null, delay] = AFTER.exec(name.value) ?? [];
    const parsed = delay === undefined ? null : parseDuration(delay);
    if (parsed?.ok !== true || !this.hasAfter(state, parsed.ms)) {
      return this.unknown('TESTS.UNKNOWN_DEADLINE', 'deadline', name, this.deadlines());
    }
    return { kind: 'after', state, ms: parsed.ms };
  }

  private deadlineOf({ kind, name }: Signal, { at }: Located<string>): DeadlineName | null {
    if (kind === 'absent' || kind === 'crossing') return { kind: 'signal', signal: name };
    const message = `The signal "${name}" has no deadline: only signals with absent, below or above flip by the passing of time.`;
    this.problems.error('TESTS.NEVER', at, message);
    return null;
  }

  private hasAfter(state: string | null, ms: number): boolean {
    const transitions = this.definition.regions.flatMap(transitionsOf);
    return transitions.some(
      ({ trigger, ...of }) => trigger.kind === 'after' && trigger.ms === ms && (state === null || of.state === state),
    );
  }

  private deadlines(): readonly string[] {
    const timed = this.definition.signals.filter(({ kind }) => kind === 'absent' || kind === 'crossing');
    const afters = this.definition.regions.flatMap(transitionsOf).flatMap(({ state, trigger }) => {
      if (trigger.kind === 'on') return [];
      const after = `after ${formatDuration(trigger.ms)}`;
      return [after, `${state} ${after}`];
    });
    return [...timed.map(({ name }) => name), ...new Set(afters), 'settle'];
  }

  private find<T extends { readonly name: string }>(
    code: TestProblemCode,
    what: string,
    name: Located<string>,
    among: readonly T[],
  ): Found<T> | null {
    const index = among.findIndex((candidate) => candidate.name === name.value);
    const value = among[index];
    const names = among.map((candidate) => candidate.name);
    return value === undefined ? this.unknown(code, what, name, names) : { index, value };
  }

  private isAmong(what: string, name: Located<string>, names: readonly string[]): boolean {
    if (names.includes(name.value)) return true;
    this.unknown('TESTS.UNKNOWN_STATE', what, name, names);
    return false;
  }

  private unknown(code: TestProblemCode, what: string, { value, at }: Located<string>, names: readonly string[]): null {
    this.problems.error(code, at, () => {
      const { name, version } = this.definition;
      return `${name} version ${version} has no ${what} ${quote(value)}${listed(names)}.${didYouMean(value, names)}`;
    });
    return null;
  }
}

export function listed(names: readonly string[]): string {
  return names.length === 0 || names.length > MOST_LISTED ? '' : `; it has ${names.join(', ')}`;
}
