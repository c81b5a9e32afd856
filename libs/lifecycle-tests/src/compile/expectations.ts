/** What is expected at a step → checks, each with the place where it is written. */
import type { CompiledDefinition, Entry, Located } from '@perennial/definition';
import type { Check } from '../check/check';
import { deadlineCheck, noDeadlinesCheck } from '../check/deadlines';
import { factsCheck } from '../check/facts';
import { amountCheck, outcomeCheck } from '../check/outcome';
import { profileCheck } from '../check/profile';
import { signalCheck, enteredCheck, sinceCheck, stateCheck } from '../check/standing';
import type { TestProblems } from '../problems';
import type { WrittenDeadlines, WrittenExpectation } from '../shape/expectation-shape';
import type { WrittenField } from '../shape/field-shape';
import { resolveTime } from '../timeline';
import { PatternCompiler, type Scene } from './patterns';
import { RangeCompiler } from './ranges';
import { Vocabulary } from './vocabulary';

const STAGES = 0;

export class ExpectationCompiler {
  private readonly names: Vocabulary;
  private readonly ranges: RangeCompiler;

  constructor(
    definition: CompiledDefinition,
    private readonly problems: TestProblems,
  ) {
    this.names = new Vocabulary(definition, problems);
    this.ranges = new RangeCompiler(definition.currency, problems);
  }

  compile(expected: WrittenExpectation, scene: Scene): readonly Check[] {
    const { entered, since, moves, facts, outcome, amountLeftOut } = expected;
    this.refuseNothing(expected);
    const patterns = new PatternCompiler(this.names, scene, this.problems);
    return [
      ...(entered === undefined ? [] : [enteredCheck(entered)]),
      ...this.stage(expected.stage),
      ...(since === undefined ? [] : [sinceCheck(resolveTime(scene.timeline, since.value), since.at)]),
      ...(expected.regions ?? []).flatMap((entry) => this.region(entry)),
      ...(expected.signals ?? []).flatMap((entry) => this.signal(entry)),
      ...(expected.deadlines === undefined ? [] : this.deadlines(expected.deadlines, scene)),
      ...(expected.profile ?? []).flatMap((entry) => this.field(entry)),
      ...(outcome === undefined ? [] : [outcomeCheck(outcome)]),
      ...(amountLeftOut === undefined ? [] : [amountCheck(amountLeftOut)]),
      ...(moves === undefined ? [] : [factsCheck('moves', moves.at, patterns.compile(moves))]),
      ...(facts === undefined ? [] : [factsCheck('facts', facts.at, patterns.compile(facts))]),
    ];
  }

  /** What states nothing agrees with everything. */
  private refuseNothing({ at, keys, regions, signals, deadlines, profile }: WrittenExpectation): void {
    if (keys.size === 0) {
      this.problems.error('TESTS.NO_EXPECTATION', at, 'Nothing is expected here. Say what, such as stage: dormancy.');
    }
    const maps = { regions, signals, deadlines: deadlines?.form === 'each' ? deadlines.entries : undefined, profile };
    for (const [key, entries] of Object.entries(maps)) {
      if (entries?.length !== 0) continue;
      const none = key === 'deadlines' ? ', or deadlines: none if none is armed' : '';
      const message = `"${key}" states nothing, so anything would do. Say what is expected of which${none}, or leave it out.`;
      this.problems.error('TESTS.NO_EXPECTATION', keys.get(key) ?? at, message);
    }
  }

  private stage(stage: Located<string> | undefined): readonly Check[] {
    return stage !== undefined && this.names.isState(stage, STAGES) ? [stateCheck('stage', STAGES, stage)] : [];
  }

  private region({ name, value }: Entry<Located<string>>): readonly Check[] {
    const index = this.names.region(name);
    if (index === null || value === null || !this.names.isState(value, index)) return [];
    return [stateCheck(`region ${name.value}`, index, value)];
  }

  private signal({ name, value }: Entry<Located<'on' | 'off'>>): readonly Check[] {
    const found = this.names.signal(name);
    if (found === null || value === null) return [];
    if (found.value.kind !== 'pulse') return [signalCheck(name.value, found.index, value)];
    const message = `"${name.value}" is a pulse: it is never on, and off all the time. Expect what it moves, or with publish: true its fact.`;
    this.problems.error('TESTS.NEVER', name.at, message);
    return [];
  }

  private deadlines(written: WrittenDeadlines, { timeline }: Scene): readonly Check[] {
    if (written.form === 'none') return [noDeadlinesCheck(written.at)];
    return written.entries.flatMap(({ name, value }) => {
      const deadline = this.names.deadline(name);
      if (deadline === null || value === null) return [];
      const due = value.value === null ? null : resolveTime(timeline, value.value);
      return [deadlineCheck({ written: name.value, at: value.at }, deadline, due)];
    });
  }

  private field({ name, value }: Entry<WrittenField>): readonly Check[] {
    const found = this.names.field(name);
    if (found === null || value === null) return [];
    const { index, value: field } = found;
    if ((field.kind === 'gaps') !== (value.form === 'gaps')) {
      const says = field.kind === 'gaps' ? 'has parts: write them, such as { typicalDays: 7 }' : 'is a number';
      this.problems.error('DEFINITION.TYPE', value.at, `The field "${name.value}" ${says}.`);
      return [];
    }
    if (value.form === 'gaps' && value.strayBound !== undefined) {
      const message = 'This bound is of no part: write it with one, such as { typicalDays: { atLeast: 5 } }.';
      this.problems.error('DEFINITION.CONFLICTING_KEYS', value.strayBound, message);
    }
    const parts = value.form === 'gaps' ? value.parts : [{ part: null, number: value }];
    return parts.flatMap(({ part, number }) => {
      const range = this.ranges.compile(field, number);
      return range === null ? [] : [profileCheck({ at: number.at, field: index, part, range }, name.value)];
    });
  }
}
