/** A customer's state as bytes, for the store. The first byte names the layout: a new layout gets a new number and keeps reading the old one. */
import { CAUSE_KINDS, InvariantViolation } from '@perennial/contracts';
import type { Plan } from '../plan';
import type { CustomerState, LastMove, RecentIds, RegionState } from '../state';
import { Reader } from './reader';
import { Writer } from './writer';

const LAYOUT = 2;
const PARKED = 1;

const writer = new Writer();

const double = (value: number): void => {
  writer.double(value);
};
const flag = (on: boolean): void => {
  writer.byte(on ? 1 : 0);
};
const text = (value: string): void => {
  writer.text(value);
};

export function packState(state: CustomerState): Uint8Array {
  writeState(state);
  return writer.finish();
}

/** States one after the other in one piece: thousands of small ones would cost more to allocate than to fill. No state: no bytes. */
export interface PackedStates {
  readonly packed: Uint8Array;
  /** Bytes of each. */
  readonly lengths: readonly number[];
}

export function packStates(customers: readonly { readonly state: CustomerState | null }[]): PackedStates {
  const lengths = customers.map(({ state }) => {
    const start = writer.size;
    if (state !== null) writeState(state);
    return writer.size - start;
  });
  return { packed: writer.finish(), lengths };
}

function writeState(state: CustomerState): void {
  writer.byte(LAYOUT);
  writer.count(state.definition);
  writer.byte(state.parked ? PARKED : 0);
  writer.double(state.firstAt);
  writer.double(state.newestStatedAt);
  writer.double(state.horizon);
  writer.count(state.sequence);
  writer.doubles(state.slots);
  writer.doubles(state.lastAt);
  writer.list(state.on, flag);
  writer.list(state.regions, writeRegion);
  writer.optional(state.settleAt, double);
  writer.optional(state.armed, double);
  writeRecent(state.recent);
  if (state.why instanceof Uint8Array) writer.rest(state.why);
  else writeMove(state.why);
}

function writeRegion({ configuration, enteredAt, timers }: RegionState): void {
  writer.text(configuration.key);
  writer.double(enteredAt);
  writer.count(timers.length);
  for (const { event, due } of timers) {
    writer.text(event);
    writer.double(due);
  }
}

function writeRecent({ ring, next, forgottenThrough }: RecentIds): void {
  writer.doubles(ring);
  writer.count(next);
  writer.double(forgottenThrough);
}

function writeMove({ sequence, from, to, occurredAt, cause }: LastMove): void {
  writer.count(sequence);
  writer.optional(from, text);
  writer.text(to);
  writer.double(occurredAt);
  writer.byte(CAUSE_KINDS.indexOf(cause.kind));
  writer.optional(cause.signal, text);
  writer.optional(cause.activityId, text);
}

/** The version of the definition a packed state is in: which plan to unpack it with. */
export function definitionOf(bytes: Uint8Array): number {
  return opened(bytes).count();
}

/** Throws InvariantViolation when the bytes are of a layout this release does not know, or do not fit the plan. */
export function unpackState(plan: Plan, bytes: Uint8Array): CustomerState {
  const reader = opened(bytes);
  const double = (): number => reader.double();
  const state: CustomerState = {
    definition: reader.count(),
    parked: reader.byte() === PARKED,
    firstAt: reader.double(),
    newestStatedAt: reader.double(),
    horizon: reader.double(),
    sequence: reader.count(),
    slots: reader.doubles(),
    lastAt: reader.doubles(),
    on: reader.list(() => reader.byte() === 1),
    regions: readRegions(reader, plan),
    settleAt: reader.optional(double),
    armed: reader.optional(double),
    recent: readRecent(reader),
    why: reader.rest(),
  };
  if (state.slots.length !== plan.slots.length || state.on.length !== plan.signals.length) throw misfit(plan);
  return state;
}

function opened(bytes: Uint8Array): Reader {
  const reader = new Reader(bytes);
  const layout = reader.byte();
  if (layout === LAYOUT) return reader;
  throw new InvariantViolation(
    'LIFECYCLE.LAYOUT_UNKNOWN',
    `a stored customer state has layout ${layout}, this release knows ${LAYOUT}: run the release that wrote it, or a newer one`,
  );
}

function readRegions(reader: Reader, plan: Plan): RegionState[] {
  let index = 0;
  return reader.list(() => {
    const chart = plan.charts[index++];
    if (chart === undefined) throw misfit(plan);
    return {
      configuration: chart.configuration(reader.name()),
      enteredAt: reader.double(),
      timers: reader.list(() => ({ event: reader.name(), due: reader.double() })),
    };
  });
}

function readRecent(reader: Reader): RecentIds {
  return {
    ring: reader.doubles(),
    next: reader.count(),
    forgottenThrough: reader.double(),
  };
}

/** Why a customer is where it is. */
export function lastMove({ why }: Pick<CustomerState, 'why'>): LastMove {
  return why instanceof Uint8Array ? readMove(new Reader(why)) : why;
}

function readMove(reader: Reader): LastMove {
  const name = (): string => reader.name();
  return {
    sequence: reader.count(),
    from: reader.optional(name),
    to: reader.name(),
    occurredAt: reader.double(),
    cause: {
      kind: CAUSE_KINDS[reader.byte()] ?? 'command',
      signal: reader.optional(name),
      activityId: reader.optional(() => reader.text()),
    },
  };
}

const misfit = ({ definition }: Plan): InvariantViolation =>
  new InvariantViolation(
    'LIFECYCLE.STATE_MISFIT',
    `a stored customer state does not fit ${definition.name} version ${definition.version}: a published version was changed in place; publish the change as a new version`,
  );
