/**
 * The engine beside XState, which interprets the same regions by itself: its own snapshots go from `transition` to `transition`, its
 * effects say which `after`s run. What is ours is written here once more, naively: which signals are offered at an instant, that a
 * region moves at most once at it, re-entries, settling. Where we mean something else than XState (the `after`s of histories,
 * docs/semantics.md), the charts have either histories or `after`s.
 */
import { definitionOf, nestedDefinition, nestedHistory, type NestedInput, Story } from '@perennial/testing';
import fc from 'fast-check';
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createMachine,
  initialTransition,
  type StateValue,
  transition,
} from 'xstate';
import type { CompiledDefinition, Region } from '@perennial/definition';

const HOUR = 3_600_000;
const SETTLE = 12 * HOUR;

interface Effect {
  readonly type: string;
  readonly params: { readonly id?: string; readonly delay?: number; readonly sendId?: string };
}

/** One region, run by XState. */
class XStateRegion {
  /** By the event of the `after`, in the order in which they were started: when it falls due. */
  readonly timers = new Map<string, number>();
  private readonly machine: AnyStateMachine;
  private snapshot: AnyMachineSnapshot;

  constructor({ machine }: Region, at: number) {
    this.machine = createMachine(machine as Parameters<typeof createMachine>[0]);
    const [snapshot, effects] = initialTransition(this.machine);
    this.snapshot = snapshot as AnyMachineSnapshot;
    this.apply(effects, at);
  }

  get value(): StateValue {
    return this.snapshot.value as StateValue;
  }

  /** Takes an event if that leads where it may: `moves` false, and it is taken for a re-entry only. */
  offer(event: string, at: number, mayMove: boolean): 'moved' | 'reentered' | 'stayed' {
    if (!this.snapshot.can({ type: event })) return 'stayed';
    const toHistory = this.machine
      .getTransitionData(this.snapshot, { type: event })
      .some(({ target }) => target?.some(({ type }) => type === 'history'));
    const [next, effects] = transition(this.machine, this.snapshot, { type: event }) as [AnyMachineSnapshot, unknown[]];
    const reenters = JSON.stringify(next.value) === JSON.stringify(this.value);
    if (!reenters && !mayMove) return 'stayed';
    this.timers.delete(event);
    this.apply(effects, at);
    // What XState keeps beside value and history depends on the way there, after histories wrongly.
    this.snapshot = toHistory
      ? this.machine.resolveState({ value: next.value as StateValue, historyValue: next.historyValue, context: {} })
      : next;
    return reenters ? 'reentered' : 'moved';
  }

  private apply(effects: readonly unknown[], at: number): void {
    for (const { type, params } of effects as readonly Effect[]) {
      const event = params.id ?? params.sendId ?? '';
      this.timers.delete(event);
      if (type === 'xstate.raise') this.timers.set(event, at + (params.delay ?? Number.NaN));
    }
  }
}

/** All regions of one customer. */
class XStateCustomer {
  regions: readonly XStateRegion[] = [];
  private settleAt: number | null = null;
  private horizon = Number.NEGATIVE_INFINITY;

  constructor(private readonly definition: CompiledDefinition) {}

  take({ at, role }: NestedInput): void {
    if (this.regions.length === 0) this.regions = this.definition.regions.map((region) => new XStateRegion(region, at));
    for (let due = this.nextDue(); due <= at; due = this.nextDue()) {
      if (this.settleAt !== null && this.settleAt <= due) this.settleAt = null;
      this.evaluate(due, []);
    }
    if (role !== null) this.evaluate(at, this.pulsesOf(role));
  }

  private pulsesOf(role: string): readonly string[] {
    return this.definition.signals.flatMap((signal) =>
      signal.kind === 'pulse' && signal.roles.some((one) => one === role) ? [signal.name] : [],
    );
  }

  private nextDue(): number {
    const ahead = this.regions.flatMap(({ timers }) => [...timers.values()]).filter((due) => due > this.horizon);
    return Math.min(this.settleAt ?? Infinity, ...ahead);
  }

  private evaluate(at: number, pulses: readonly string[]): void {
    this.horizon = at;
    const moved = new Set<XStateRegion>();
    const offer = (region: XStateRegion, event: string): void => {
      if (region.offer(event, at, !moved.has(region)) === 'moved') moved.add(region);
    };
    for (const signal of pulses) for (const region of this.regions) offer(region, signal);
    for (const region of this.regions) {
      const due = [...region.timers].filter(([, when]) => when <= at).sort(([, a], [, b]) => a - b);
      for (const [event, when] of due) if (region.timers.get(event) === when) offer(region, event);
    }
    if (moved.size === 0) return;
    const held = [...moved].some(({ timers }) => [...timers.values()].some((when) => when <= at));
    this.settleAt = held ? at + SETTLE : null;
  }
}

function standing(story: Story): unknown {
  return (story.state?.regions ?? []).map(({ configuration, timers }) => ({
    value: (JSON.parse(configuration.key) as [StateValue])[0],
    timers: timers.map(({ event, due }) => `${event} ${due}`).sort(),
  }));
}

describe.each([
  ['nested and parallel states and `after`s', { after: true, history: false, pulsesOnly: true }],
  ['nested and parallel states with histories', { after: false, history: true, pulsesOnly: true }],
] as const)('a customer whose definition has %s', (_, options) => {
  it('is after every input where XState is, with the same `after`s running', () => {
    let moves = 0;
    fc.assert(
      fc.property(nestedDefinition(options), nestedHistory, (source, inputs) => {
        const story = new Story(source);
        const oracle = new XStateCustomer(definitionOf(source));
        for (const input of inputs) {
          const when = new Date(input.at).toISOString();
          if (input.role === null) story.clock(when);
          else story.does(input.role, when);
          oracle.take(input);
          const expected = oracle.regions.map(({ value, timers }) => ({
            value,
            timers: [...timers].map(([event, due]) => `${event} ${due}`).sort(),
          }));
          expect(standing(story)).toEqual(expected);
        }
        moves += story.moves.length;
      }),
      { numRuns: 60 },
    );
    expect(moves).toBeGreaterThan(100);
  });
});
