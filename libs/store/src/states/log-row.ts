/** What one micro-batch changed, as one row of the log of states. */
import { InvariantViolation } from '@perennial/contracts';
import type { StateRow } from '@perennial/engine';
import { Reader, Writer } from '@perennial/lifecycle';

/** The first byte: a new layout gets a new number and keeps reading the old one. */
const LAYOUT = 1;

const writer = new Writer();

export interface LogRow {
  readonly bytes: Uint8Array;
  readonly entries: readonly LogEntry[];
}

/** A customer's state in a row. */
export interface LogEntry {
  readonly key: string;
  /** Where in the row's bytes it is. */
  readonly at: number;
}

/** Throws InvariantViolation when a customer is in it twice. */
export function encodeLogRow(states: readonly StateRow[]): LogRow {
  if (new Set(states.map(({ key }) => key)).size < states.length) throw stateTwice();
  writer.byte(LAYOUT);
  writer.count(states.length);
  const entries = states.map(({ key, stage, version, packed }): LogEntry => {
    const at = writer.size;
    writer.text(key);
    writer.text(stage);
    writer.count(version);
    writer.bytes(packed);
    return { key, at };
  });
  return { bytes: writer.finish(), entries };
}

/** Throws InvariantViolation when the row is of a layout this release does not know. */
export function decodeLogRow(bytes: Uint8Array): LogRow {
  const reader = Reader.of(bytes);
  const layout = reader.byte();
  if (layout !== LAYOUT) throw unknownLayout(layout);
  const entries = reader.list((): LogEntry => {
    const at = reader.at;
    const { key } = readState(reader);
    return { key, at };
  });
  return { bytes, entries };
}

/** The state that an entry stands for; its packed bytes are a view. */
export const stateAt = (bytes: Uint8Array, at: number): StateRow => readState(Reader.of(bytes, at));

function readState(reader: Reader): StateRow {
  return { key: reader.text(), stage: reader.name(), version: reader.count(), packed: reader.bytes() };
}

const stateTwice = (): InvariantViolation =>
  new InvariantViolation('STORE.STATE_TWICE', 'a commit holds two states of one customer: report this as a defect');

const unknownLayout = (layout: number): InvariantViolation =>
  new InvariantViolation(
    'STORE.STATE_LOG_LAYOUT_UNKNOWN',
    `a row of the log of states has layout ${layout}, this release knows ${LAYOUT}: start the release that wrote it, let it come to rest, then start this one`,
  );
