/** Which states, transitions and signals of a definition tests came by. */
import { formatDuration, type Millis } from '@perennial/values';
import type { Fact } from '@perennial/contracts';
import type { CompiledDefinition, Region } from '@perennial/definition';
import { activeStates, createPlan, readAfter, type Configuration, type Plan } from '@perennial/lifecycle';
import { statePaths, transitionsOf, type NamedTransition } from './chart-names';

export interface Covered {
  readonly covered: readonly string[];
  readonly missing: readonly string[];
}
/** Names as definitions spell them; those of other regions than the stages begin with `#region.`. */
export interface CoverageReport {
  readonly definition: { readonly name: string; readonly version: number };
  readonly states: Covered;
  /** `onboarding on firstOrder → activation`, `onboarding after P30D → dormancy`. */
  readonly transitions: Covered;
  /** Covered once they turned on or pulsed. */
  readonly signals: Covered;
}

/** The plan that tests of a definition run, and what they came by. */
export class Coverage {
  /** All pulses are published, so that they are heard of; `isStated` tells those that the definition publishes. */
  readonly plan: Plan;
  private readonly seen = { states: new Set<string>(), transitions: new Set<string>(), signals: new Set<string>() };
  private readonly published: ReadonlySet<string>;

  constructor(private readonly definition: CompiledDefinition) {
    const { signals } = definition;
    this.published = new Set(signals.filter(({ publish }) => publish).map(({ name }) => name));
    const heard = { ...definition, signals: signals.map((signal) => ({ ...signal, publish: true })) };
    this.plan = createPlan(heard, (index, { target, origins }, trigger) => {
      this.reach(index, target);
      for (const origin of origins) this.seen.transitions.add(keyOf(origin, trigger));
    });
  }

  /** Whether the engine would state a fact. */
  isStated(fact: Fact): boolean {
    return fact.kind !== 'signal' || fact.change !== 'pulse' || this.published.has(fact.signal);
  }

  hear(fact: Fact): void {
    if (fact.kind === 'signal' && fact.change !== 'off') this.seen.signals.add(fact.signal);
    if (fact.kind !== 'stage-changed' || fact.from !== null) return;
    const index = this.definition.regions.findIndex(({ name }) => name === fact.region);
    const entered = this.plan.charts[index]?.initial.target;
    if (entered !== undefined) this.reach(index, entered);
  }

  report(): CoverageReport {
    const { name, version, regions, signals } = this.definition;
    const transitions = regions.flatMap((region) =>
      transitionsOf(region).map((transition) => ({
        name: `${prefixOf(region, regions)}${textOf(transition)}`,
        isSeen: this.seen.transitions.has(keyOfNamed(region, transition)),
      })),
    );
    const states = regions.flatMap((region) =>
      statePaths(region).map((path) => ({
        name: `${prefixOf(region, regions)}${path}`,
        isSeen: this.seen.states.has(`${region.name}.${path}`),
      })),
    );
    const named = signals.map((signal) => ({ name: signal.name, isSeen: this.seen.signals.has(signal.name) }));
    return {
      definition: { name, version },
      states: partition(states),
      transitions: partition(transitions),
      signals: partition(named),
    };
  }

  private reach(index: number, configuration: Configuration): void {
    const region = this.definition.regions[index]?.name ?? '';
    for (const path of activeStates(configuration)) this.seen.states.add(`${region}.${path}`);
  }
}

/** A transition by the id of its state and what it is taken for. */
function keyOf(state: string, event: string): string {
  const after = readAfter(event);
  return after === null ? keyOn(state, event) : keyAfter(state, after.delay);
}

const keyOn = (state: string, signal: string): string => `${state} on ${signal}`;
const keyAfter = (state: string, ms: Millis): string => `${state} after ${ms}`;

function keyOfNamed({ name }: Region, { state, trigger }: NamedTransition): string {
  const id = `${name}.${state}`;
  return trigger.kind === 'on' ? keyOn(id, trigger.signal) : keyAfter(id, trigger.ms);
}

function textOf({ state, trigger, target }: NamedTransition): string {
  const when = trigger.kind === 'on' ? `on ${trigger.signal}` : `after ${formatDuration(trigger.ms)}`;
  return `${state} ${when} → ${target}`;
}

const prefixOf = (region: Region, regions: readonly Region[]): string =>
  region === regions[0] ? '' : `#${region.name}.`;

function partition(all: readonly { readonly name: string; readonly isSeen: boolean }[]): Covered {
  const names = (seen: boolean): string[] => all.filter(({ isSeen }) => isSeen === seen).map(({ name }) => name);
  return { covered: names(true), missing: names(false) };
}
