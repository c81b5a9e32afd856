/**
 * A region's statechart, run by XState and remembered.
 *
 * Charts hold no guards, context or functions (the definition refuses them), so a step is a pure function of
 * (configuration, event), and there are finitely many. XState's own `transition` is asked once for each pair; after that a
 * step is a lookup. The timers that run are a function of the active states and of when these were entered, not of
 * XState's effects alone (transitions.ts).
 * Why not the reused actor scope: docs/adr/0002-steps-are-remembered.md.
 */
import type { Instant, Millis } from '@perennial/values';
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
import { restartedEvents, type StateNode, takenOf, tellingMachine } from './transitions';
import { pathOf, topOf } from './state-path';

/** An `after` that starts when a state is entered. */
export interface Timer {
  /** XState's event type, unique within the region. */
  readonly event: string;
  /** Of the event, in `Chart.afters`. */
  readonly number: number;
  readonly delay: Millis;
}

/** An `after` that runs. Overdue ones were held back by another move of the same instant. */
export interface ArmedTimer {
  readonly event: string;
  /** Of the event, in the chart. */
  readonly number: number;
  readonly due: Instant;
}

/** A region's state, with history. One object per configuration of a chart: compare with `===`. */
export interface Configuration {
  /** What is stored; `Chart.configuration` finds the configuration again. */
  readonly key: string;
  /** Top-level state: the stage, in the stage region. */
  readonly top: string;
  readonly path: string;
}

/** What one event does to a region. */
export interface Step {
  readonly target: Configuration;
  /** The target is the state that the region is in: no move. */
  readonly reenters: boolean;
  /** `from → to`, as facts state it. */
  readonly path: string;
  /** Timers of the states that are entered: outer states first, then in the order of the definition. */
  readonly started: readonly Timer[];
  /** Events of timers that end: of the states that are left. */
  readonly cancelled: readonly string[];
  /** Ids (`region.path`) of the states whose transitions were taken: several where parallel states take one event; none at the entry. */
  readonly origins: readonly string[];
}

/** The statechart of one region. Shared by all customers of a definition; never changes but for what it remembers. */
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
    this.machine = createMachine(tellingMachine(region.machine) as Parameters<typeof createMachine>[0]);
    this.afters = aftersOf(this.machine.root).sort();
    const target = this.restored(keyOf(this.machine, initialTransition(this.machine)[0]));
    this.initial = this.stepTo(null, [], target, new Set(target.snapshot._nodes.flatMap(eventsOf)), []);
  }

  /** The configuration that was stored under `key`. Throws what XState throws when the chart has no such state. */
  configuration(key: string): Configuration {
    return this.restored(key);
  }

  /** What a signal (by its index) does here; null when it is not accepted. */
  onSignal(from: Configuration, signal: number): Step | null {
    const { bySignal } = from as Known;
    const known = bySignal[signal];
    return known === undefined ? (bySignal[signal] = this.take(from as Known, this.signals[signal] ?? '')) : known;
  }

  /** What an `after` that fell due does here; null when its state is not active. */
  onTimer(from: Configuration, event: string): Step | null {
    const { byTimer } = from as Known;
    const known = byTimer.get(event);
    if (known !== undefined) return known;
    const step = this.take(from as Known, event);
    byTimer.set(event, step);
    return step;
  }

  private take({ path, snapshot: from }: Known, event: string): Step | null {
    if (!from.can({ type: event })) return null;
    const [to, effects] = transition(this.machine, from, { type: event }) as [AnyMachineSnapshot, readonly Effect[]];
    const target = this.restored(keyOf(this.machine, to));
    const transitions = takenOf(this.machine.getTransitionData(from, { type: event }), effects);
    const touched = new Set(effects.map(({ params }) => params?.id ?? params?.sendId ?? ''));
    const restarted = restartedEvents(from._nodes, target.snapshot._nodes, transitions, touched);
    const origins = transitions.map(({ source }) => source.id);
    return this.stepTo(path, from._nodes, target, restarted, origins);
  }

  private stepTo(
    from: string | null,
    left: readonly StateNode[],
    target: Known,
    restarted: ReadonlySet<string>,
    origins: readonly string[],
  ): Step {
    const nodes: readonly StateNode[] = [...target.snapshot._nodes].sort((a, b) => a.order - b.order);
    const timers = nodes.flatMap(({ after }) => after);
    const kept = new Set(timers.map(({ eventType }) => eventType).filter((event) => !restarted.has(event)));
    return {
      target,
      reenters: from === target.path,
      path: `${from === null ? '' : `${from} `}→ ${target.path}`,
      started: timers.filter(({ eventType }) => restarted.has(eventType)).map((timer) => this.timer(timer)),
      cancelled: left.flatMap(eventsOf).filter((event) => !kept.has(event)),
      origins,
    };
  }

  private timer({ eventType, delay }: StateNode['after'][number]): Timer {
    const number = this.afters.indexOf(eventType);
    if (number < 0 || typeof delay !== 'number') throw new RangeError(`no after ${eventType}`);
    return { event: eventType, number, delay };
  }

  /** A function of the key alone: what XState keeps beside it depends on the way there (after histories, wrongly). */
  private restored(key: string): Known {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const [value, historyValue] = JSON.parse(key) as [StateValue, unknown];
    const persisted = { status: 'active', value, historyValue, context: {}, children: {} };
    const snapshot = createActor(this.machine, { snapshot: persisted as never }).getSnapshot() as AnyMachineSnapshot;
    const created: Known = { key, top: topOf(value), path: pathOf(value), snapshot, bySignal: [], byTimer: new Map() };
    this.known.set(key, created);
    return created;
  }
}

const NO_TIMERS: readonly ArmedTimer[] = [];

/** The timers of a region after a step at `at`; `fired`: the timer that it was taken for, which has ended. */
export function timersAfter(
  running: readonly ArmedTimer[],
  { started, cancelled }: Step,
  at: Instant,
  fired: ArmedTimer | null,
): readonly ArmedTimer[] {
  if (running.length === 0 && started.length === 0) return NO_TIMERS;
  const kept = running.filter((timer) => timer !== fired && !cancelled.includes(timer.event));
  return [...kept, ...started.map(({ event, number, delay }) => ({ event, number, due: at + delay }))];
}

/** A configuration with what was asked of it so far. */
interface Known extends Configuration {
  readonly snapshot: AnyMachineSnapshot;
  readonly bySignal: (Step | null | undefined)[];
  readonly byTimer: Map<string, Step | null>;
}

/** That XState would start (by id) or cancel (by sendId) an `after`, or that it takes a transition (transitions.ts). */
interface Effect {
  readonly type: string;
  readonly params?: { readonly id?: string; readonly sendId?: string };
}

const eventsOf = ({ after }: StateNode): readonly string[] => after.map(({ eventType }) => eventType);

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
