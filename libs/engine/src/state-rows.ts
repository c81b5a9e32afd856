/**
 * What a micro-batch changed of customers, as one piece of bytes that a store may keep as it is: thousands of small objects,
 * which live until the commit, would be copied about by the garbage collector.
 */
import { InvariantViolation } from '@perennial/values';
import { type CustomerState, writeState } from '@perennial/lifecycle';
import { type ByteSlice, sliceOf, ByteReader, ByteWriter } from '@perennial/codec';

/** The first byte: a new layout gets a new number, and from the first release on keeps reading the old one. */
const LAYOUT = 2;

export interface StateRow {
  /** `tenant:customer`. */
  readonly key: string;
  readonly stage: string;
  /** Offset of the input that changed it last. */
  readonly version: number;
  readonly packed: Uint8Array;
}

/** At most one row of a key. */
export class StateRows implements Iterable<StateRow> {
  constructor(
    /** Empty when there are no rows. */
    readonly bytes: Uint8Array,
    readonly keys: readonly string[],
    /** By key: where in the bytes its row is. */
    readonly places: readonly number[],
  ) {}

  /** Of the last row of each key. */
  static of(rows: Iterable<StateRow>): StateRows {
    const writer = new StateRowsWriter();
    for (const row of rows) writer.put(row);
    return writer.finish();
  }

  /** Throws InvariantViolation when the bytes are of a layout this release does not know. */
  static read(bytes: Uint8Array): StateRows {
    const keys: string[] = [];
    const places: number[] = [];
    if (bytes.length === 0) return new StateRows(bytes, keys, places);
    const reader = ByteReader.of(bytes);
    const layout = reader.byte();
    if (layout !== LAYOUT) throw unknownLayout(layout);
    while (reader.at < bytes.length) {
      places.push(reader.at);
      keys.push(readRow(reader).key);
    }
    return new StateRows(bytes, keys, places);
  }

  /** The row at a place; its packed state is a view. */
  static rowAt(bytes: Uint8Array, place: number): StateRow {
    return readRow(ByteReader.of(bytes, place));
  }

  get length(): number {
    return this.keys.length;
  }

  *[Symbol.iterator](): Iterator<StateRow> {
    for (const place of this.places) yield StateRows.rowAt(this.bytes, place);
  }
}

export class StateRowsWriter {
  private readonly writer = new ByteWriter();
  private keys: string[] = [];
  private starts: number[] = [];
  /** Key → index of its newest row. */
  private readonly newest = new Map<string, number>();

  /** Bytes of the rows so far. */
  get size(): number {
    return this.writer.size;
  }

  /** Answers where the packed state is, until the next row is put. */
  state(key: string, state: CustomerState, version: number): ByteSlice {
    const lengthAt = this.begin(key, state.regions[0]?.configuration.top ?? '', version);
    writeState(this.writer, state);
    return this.writer.patchLength(lengthAt);
  }

  put({ key, stage, version, packed }: StateRow): void {
    const lengthAt = this.begin(key, stage, version);
    this.writer.slice(sliceOf(packed));
    this.writer.patchLength(lengthAt);
  }

  /** All rows since the last time; of a key the newest only. */
  finish(): StateRows {
    const { keys, starts, newest, writer } = this;
    starts.push(writer.size);
    const bytes = writer.finish();
    const rows =
      newest.size === keys.length ? new StateRows(bytes, keys, starts.slice(0, -1)) : this.withoutOlder(bytes);
    this.keys = [];
    this.starts = [];
    newest.clear();
    return rows;
  }

  private begin(key: string, stage: string, version: number): number {
    const { writer } = this;
    if (writer.size === 0) writer.byte(LAYOUT);
    this.newest.set(key, this.keys.length);
    this.keys.push(key);
    this.starts.push(writer.size);
    writer.text(key);
    writer.text(stage);
    writer.count(version);
    return writer.reserveLength();
  }

  private withoutOlder(bytes: Uint8Array): StateRows {
    const { writer } = this;
    const all = sliceOf(bytes);
    const [keys, places]: [string[], number[]] = [[], []];
    writer.byte(LAYOUT);
    this.keys.forEach((key, index) => {
      if (this.newest.get(key) !== index) return;
      keys.push(key);
      places.push(writer.size);
      writer.slice({ ...all, start: this.starts[index] ?? 0, end: this.starts[index + 1] ?? 0 });
    });
    return new StateRows(writer.finish(), keys, places);
  }
}

function readRow(reader: ByteReader): StateRow {
  const [key, stage, version] = [reader.text(), reader.name(), reader.count()];
  const { bytes, start, end } = reader.slice(reader.uint32());
  return { key, stage, version, packed: bytes.subarray(start, end) };
}

const unknownLayout = (layout: number): InvariantViolation =>
  new InvariantViolation(
    'STORE.STATE_LOG_LAYOUT_UNKNOWN',
    `a row of the log of states has layout ${layout}, this release knows ${LAYOUT}: start the release that wrote it, let it come to rest, then start this one`,
  );
