/**
 * What a micro-batch changed of customers, as bytes that a store may keep as they are: thousands of small objects, which live
 * until the commit, would be copied about by the garbage collector. Primitives are those of libs/codec (byte-writer.ts).
 *
 * | field | bytes | meaning |
 * | --- | --- | --- |
 * | format version | 1 | 2; once, before the first row |
 * | key | LEB128 length, UTF-8 | `tenant:customer`; from here on once for each row |
 * | label | LEB128 length, UTF-8 | what readers see without deserializing, e.g. the stage |
 * | version | LEB128 | offset of the input that changed the customer last |
 * | length of the state | 4 | uint32, big-endian |
 * | state | as many bytes | as the service serializes it |
 */
import { InvariantViolation } from '@perennial/values';
import { ByteReader, type ByteSlice, ByteWriter, sliceOf } from '@perennial/codec';

/** A new format gets a new number, and from the first release on keeps reading the old one. */
const FORMAT_VERSION = 2;

/** How a service keeps one customer's state. */
export interface StateCodec<State> {
  /** Aliases the bytes: they are not changed while the state is in use. */
  deserialize(key: string, bytes: ByteSlice): State;
  serialize(writer: ByteWriter, state: State): void;
  /** What others may read of a stored state without deserializing it. */
  label(state: State): string;
}

/** What a micro-batch changed of one customer. */
export interface StateRow {
  /** `tenant:customer`. */
  readonly key: string;
  /** What readers see without deserializing the state. */
  readonly label: string;
  /** Offset of the input that changed it last. */
  readonly version: number;
  /** The state, serialized. */
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
    const writer = new StateRowsWriter(SERIALIZED);
    for (const row of rows) writer.state(row.key, row, row.version);
    return writer.finish();
  }

  /** Throws `InvariantViolation` for a format version that this release does not know. */
  static read(bytes: Uint8Array): StateRows {
    const keys: string[] = [];
    const places: number[] = [];
    if (bytes.length === 0) return new StateRows(bytes, keys, places);
    const reader = ByteReader.of(bytes);
    const format = reader.byte();
    if (format !== FORMAT_VERSION) throw unknownFormat(format);
    while (reader.at < bytes.length) {
      places.push(reader.at);
      keys.push(readRow(reader).key);
    }
    return new StateRows(bytes, keys, places);
  }

  /** The row at a place; `packed` is a view. */
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

/** Rows whose states are bytes already. */
const SERIALIZED: Omit<StateCodec<StateRow>, 'deserialize'> = {
  label: ({ label }) => label,
  serialize: (writer, { packed }) => {
    writer.slice(sliceOf(packed));
  },
};

/** Writes the rows of one micro-batch after the other; of a key that changed again the newest row stays. */
export class StateRowsWriter<State> {
  private readonly writer = new ByteWriter();
  private keys: string[] = [];
  private starts: number[] = [];
  /** Key → index of its newest row. */
  private readonly newest = new Map<string, number>();

  constructor(private readonly codec: Omit<StateCodec<State>, 'deserialize'>) {}

  /** Bytes of the rows so far. */
  get size(): number {
    return this.writer.size;
  }

  /** Appends the row of a customer. Returns the bytes of its state, valid until the next row. */
  state(key: string, state: State, version: number): ByteSlice {
    const lengthAt = this.begin(key, this.codec.label(state), version);
    this.codec.serialize(this.writer, state);
    return this.writer.patchLength(lengthAt);
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

  private begin(key: string, label: string, version: number): number {
    const { writer } = this;
    if (writer.size === 0) writer.byte(FORMAT_VERSION);
    this.newest.set(key, this.keys.length);
    this.keys.push(key);
    this.starts.push(writer.size);
    writer.text(key);
    writer.text(label);
    writer.count(version);
    return writer.reserveLength();
  }

  private withoutOlder(bytes: Uint8Array): StateRows {
    const { writer } = this;
    const all = sliceOf(bytes);
    const [keys, places]: [string[], number[]] = [[], []];
    writer.byte(FORMAT_VERSION);
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
  const [key, label, version] = [reader.text(), reader.name(), reader.count()];
  const { bytes, start, end } = reader.slice(reader.uint32());
  return { key, label, version, packed: bytes.subarray(start, end) };
}

const unknownFormat = (format: number): InvariantViolation =>
  new InvariantViolation(
    'STORE.STATE_LOG_LAYOUT_UNKNOWN',
    `a row of the log of states has layout ${format}, this release knows ${FORMAT_VERSION}: start the release that wrote it, let it come to rest, then start this one`,
  );
