/**
 * A region's statechart, run by XState and remembered.
 *
 * Charts hold no guards, context or functions (the definition refuses them), so a step is a pure function of
 * (configuration, event), and there are finitely many. XState's own `transition` is asked once for each pair; after that a
 * step is a lookup. `after` comes out of XState as raise and cancel effects, which become the engine's timers.
 * Why not the reused actor scope: docs/adr/0003-steps-are-remembered.md.
 */
import type { Millis } from '@perennial/contracts';
import type { Region } from '@perennial/definition';
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  createMachine,
  initialTransition,
  type StateValue,
  transition,
} from 'xstate';
import { pathOf, topOf } from './state-path';

/** An `after` that starts when a state is entered. */
export interface Timer {
  /** XState's event type, unique within the region. */
  readonly event: string;
  /** Of the event, in `Chart.afters`. */
  readonly number: number;
  readonly delay: Millis;
}

/** A region's state, with history. One object per configuration of a chart: compare with `===`. */
export interface Configuration {
  /** What is stored; `Chart.configuration` finds the configuration again. */
  readonly key: string;
  /** Top-level state: the stage, in the stage region. */
  readonly top: string;
  readonly path: string;
}

export interface Step {
  readonly target: Configuration;
  /** `from → to`, as facts state it. */
  readonly path: string;
  readonly started: readonly Timer[];
  /** Events of timers that end. */
  readonly cancelled: readonly string[];
}

export class Chart {
  readonly initial: Step;
  /** Events of all `after`s, in an order that depends on the definition alone: their numbers are stored. */
  readonly afters: readonly string[];
  private readonly machine: AnyStateMachine;
  private readonly known = new Map<string, Known>();

  constructor(
    region: Region,
    private readonly signals: readonly string[],
  ) {
    this.machine = createMachine(region.machine as Parameters<typeof createMachine>[0]);
    this.afters = aftersOf(this.machine.root).sort();
    const [snapshot, effects] = initialTransition(this.machine);
    this.initial = this.stepTo('', snapshot, effects);
  }

  /** The configuration that was stored under `key`. Throws what XState throws when the chart has no such state. */
  configuration(key: string): Configuration {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const [value, historyValue] = JSON.parse(key) as [unknown, unknown];
    const persisted = { status: 'active', value, historyValue, context: {}, children: {} };
    const actor = createActor(this.machine, { snapshot: persisted as never });
    return this.remember(actor.getSnapshot() as AnyMachineSnapshot);
  }

  /** What a signal (by its index) does here; null when it is not accepted. */
  onSignal(from: Configuration, signal: number): Step | null {
    const { bySignal, snapshot } = from as Known;
    const known = bySignal[signal];
    return known === undefined ? (bySignal[signal] = this.take(from, snapshot, this.signals[signal] ?? '')) : known;
  }

  /** What an `after` that fell due does here; null when its state is not active. */
  onTimer(from: Configuration, event: string): Step | null {
    const { byTimer, snapshot } = from as Known;
    const known = byTimer.get(event);
    if (known !== undefined) return known;
    const step = this.take(from, snapshot, event);
    byTimer.set(event, step);
    return step;
  }

  private take({ path }: Configuration, from: AnyMachineSnapshot, event: string): Step | null {
    if (!from.can({ type: event })) return null;
    return this.stepTo(`${path} `, ...transition(this.machine, from, { type: event }));
  }

  private stepTo(from: string, snapshot: AnyMachineSnapshot, effects: readonly unknown[]): Step {
    const started: Timer[] = [];
    const cancelled: string[] = [];
    for (const effect of effects as readonly Effect[]) {
      if (effect.type === 'xstate.raise') started.push(this.timer(effect.params));
      else cancelled.push(effect.params.sendId);
    }
    const target = this.remember(snapshot);
    return { target, path: `${from}→ ${target.path}`, started, cancelled };
  }

  private timer({ id, delay }: Started): Timer {
    const number = this.afters.indexOf(id);
    if (number < 0) throw new RangeError(`no after ${id}`);
    return { event: id, number, delay };
  }

  private remember(snapshot: AnyMachineSnapshot): Known {
    const key = keyOf(this.machine, snapshot);
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const value = snapshot.value as StateValue;
    const created: Known = { key, top: topOf(value), path: pathOf(value), snapshot, bySignal: [], byTimer: new Map() };
    this.known.set(key, created);
    return created;
  }
}

/** A configuration with what was asked of it so far. */
interface Known extends Configuration {
  readonly snapshot: AnyMachineSnapshot;
  readonly bySignal: (Step | null | undefined)[];
  readonly byTimer: Map<string, Step | null>;
}

interface Started {
  readonly id: string;
  readonly delay: Millis;
}

type Effect =
  | { readonly type: 'xstate.raise'; readonly params: Started }
  | { readonly type: 'xstate.cancel'; readonly params: { readonly sendId: string } };

function keyOf(machine: AnyStateMachine, snapshot: AnyMachineSnapshot): string {
  const persisted = machine.getPersistedSnapshot(snapshot) as unknown as { value: unknown; historyValue?: unknown };
  return JSON.stringify([persisted.value, persisted.historyValue ?? {}]);
}

interface Node {
  readonly after: readonly { readonly eventType: string }[];
  readonly states: Readonly<Record<string, Node>>;
}

function aftersOf({ after, states }: Node): string[] {
  return [...after.map(({ eventType }) => eventType), ...Object.values(states).flatMap(aftersOf)];
}
