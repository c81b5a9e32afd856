/**
 * The snapshot: a customer's state as bytes, for the store. The primitives are those of libs/codec (byte-writer.ts).
 *
 * | field | bytes |
 * | --- | --- |
 * | format version | byte: 3 |
 * | version of the definition | count |
 * | flags | byte: 1 parked, 2 `settleAt` follows, 4 `armed` follows |
 * | `firstAt`, `newestStatedAt`, `horizon` | double each, in ms since 1970 as all instants |
 * | `settleAt` | double, or nothing |
 * | `armed` | double, or nothing |
 * | `sequence` | count |
 * | `slots` of the profile | numbers |
 * | `lastAt`, by role | numbers |
 * | `on`, by signal | flags |
 * | regions | count; for each: configuration's key (text), `enteredAt` (double), timers |
 * | timers of a region | count; for each: number in `Chart.afters` (count), due (double) |
 * | recent ids | count; for each: hash (double), stated time (double); then `forgottenThrough` (double) |
 * | last move | sequence (count), from (optional text), to (text), `occurredAt` (double), its cause |
 * | cause | place of its kind in `CAUSE_KINDS` (byte), signal (optional text), activity's id (optional text) |
 *
 * A changed format has a new version, and from the first release on the old one is still read. Golden fixture:
 * test/fixtures/formats.
 */
import { CAUSE_KINDS } from '@perennial/contracts';
import { InvariantViolation } from '@perennial/values';
import type { Plan } from './plan';
import type { ArmedTimer, Chart } from './statechart';
import { ID_BYTES } from './dedupe';
import type { CustomerState, LastMove, RecentIds, RegionState } from './state';
import { type ByteSlice, ByteReader, ByteWriter } from '@perennial/codec';

const FORMAT_VERSION = 3;
const PARKED = 1;
const SETTLES = 2;
const ARMED = 4;

/** Serializes a state into bytes of its own. */
export function packState(state: CustomerState): Uint8Array {
  const writer = new ByteWriter();
  writeState(writer, state);
  return writer.finish();
}

/** Serializes a state into a record that is being written. */
export function writeState(writer: ByteWriter, state: CustomerState): void {
  const { settleAt, armed, regions, why } = state;
  writer.byte(FORMAT_VERSION);
  writer.count(state.definition);
  writer.byte((state.parked ? PARKED : 0) | (settleAt === null ? 0 : SETTLES) | (armed === null ? 0 : ARMED));
  writer.double(state.firstAt);
  writer.double(state.newestStatedAt);
  writer.double(state.horizon);
  if (settleAt !== null) writer.double(settleAt);
  if (armed !== null) writer.double(armed);
  writer.count(state.sequence);
  writer.numbers(state.slots);
  writer.numbers(state.lastAt);
  writer.flags(state.on);
  writer.count(regions.length);
  for (const region of regions) writeRegion(writer, region);
  writeRecent(writer, state.recent);
  if ('bytes' in why) writer.slice(why);
  else writeMove(writer, why);
}

function writeRegion(writer: ByteWriter, { configuration, enteredAt, timers }: RegionState): void {
  writer.text(configuration.key);
  writer.double(enteredAt);
  writer.count(timers.length);
  for (const { number, due } of timers) {
    writer.count(number);
    writer.double(due);
  }
}

function writeRecent(writer: ByteWriter, { kept, added, forgottenThrough }: RecentIds): void {
  writer.count((kept.end - kept.start) / ID_BYTES + added.length / 2);
  writer.slice(kept);
  for (let index = 0; index < added.length; index++) writer.double(added[index] ?? Number.NaN);
  writer.double(forgottenThrough);
}

function writeMove(writer: ByteWriter, { sequence, from, to, occurredAt, cause }: LastMove): void {
  const text = (value: string): void => {
    writer.text(value);
  };
  writer.count(sequence);
  writer.optional(from, text);
  writer.text(to);
  writer.double(occurredAt);
  writer.byte(CAUSE_KINDS.indexOf(cause.kind));
  writer.optional(cause.signal, text);
  writer.optional(cause.activityId, text);
}

/** The version of the definition a packed state is in: which plan to unpack it with. */
export function definitionOf(packed: ByteSlice): number {
  return opened(packed).count();
}

/**
 * Throws InvariantViolation when the bytes are of a version this release does not know, or do not fit the plan. What is seldom
 * looked at stays where it is: the bytes must not change while the state is in use.
 */
export function unpackState(plan: Plan, packed: ByteSlice): CustomerState {
  const reader = opened(packed);
  const definition = reader.count();
  const flags = reader.byte();
  return {
    definition,
    parked: (flags & PARKED) !== 0,
    firstAt: reader.double(),
    newestStatedAt: reader.double(),
    horizon: reader.double(),
    settleAt: (flags & SETTLES) === 0 ? null : reader.double(),
    armed: (flags & ARMED) === 0 ? null : reader.double(),
    sequence: reader.count(),
    slots: reader.numbers(plan.slots) ?? refuse(plan),
    lastAt: reader.numbers(plan.never) ?? refuse(plan),
    on: reader.flags(plan.off) ?? refuse(plan),
    regions: readRegions(reader, plan),
    recent: readRecent(reader),
    why: reader.rest(),
  };
}

function opened(packed: ByteSlice): ByteReader {
  const reader = new ByteReader(packed);
  const version = reader.byte();
  if (version === FORMAT_VERSION) return reader;
  throw new InvariantViolation(
    'LIFECYCLE.LAYOUT_UNKNOWN',
    `a stored customer state has layout ${version}, this release knows ${FORMAT_VERSION}: run the release that wrote it, or a newer one`,
  );
}

function readRegions(reader: ByteReader, plan: Plan): RegionState[] {
  if (reader.count() !== plan.charts.length) refuse(plan);
  return plan.charts.map((chart) => ({
    configuration: chart.configuration(reader.name()),
    enteredAt: reader.double(),
    timers: readTimers(reader, chart, plan),
  }));
}

function readTimers(reader: ByteReader, chart: Chart, plan: Plan): ArmedTimer[] {
  const timers: ArmedTimer[] = [];
  for (let left = reader.count(); left > 0; left--) {
    const number = reader.count();
    const event = chart.afters[number] ?? refuse(plan);
    timers.push({ event, number, due: reader.double() });
  }
  return timers;
}

function readRecent(reader: ByteReader): RecentIds {
  const kept = reader.slice(reader.count() * ID_BYTES);
  return { kept, added: [], forgottenThrough: reader.double() };
}

/** Why a customer is where it is. */
export function lastMove({ why }: Pick<CustomerState, 'why'>): LastMove {
  return 'bytes' in why ? readMove(new ByteReader(why)) : why;
}

function readMove(reader: ByteReader): LastMove {
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

function refuse({ definition }: Plan): never {
  throw new InvariantViolation(
    'LIFECYCLE.STATE_MISFIT',
    `a stored customer state does not fit ${definition.name} version ${definition.version}: a published version was changed in place; publish the change as a new version`,
  );
}
