/**
 * The records of one batch, kept as bytes: what waits in a queue for its turn is then one object for hundreds of records, and
 * the garbage collector has nothing to move about. That they can be read is checked when the block is made.
 */
import { type Header, type Headers, type LogRecord, type LogRecords, NO_HEADERS } from '@perennial/contracts';
import { headerName } from '@perennial/stream';
import { AnswerReader } from './answer-reader';

export interface BlockTimes {
  readonly firstOffset: number;
  /** Null: all records have the broker's append time. */
  readonly baseTimestamp: number | null;
  readonly appendTime: number;
}

export class RecordBlock implements LogRecords {
  /** Where each record begins, after its length. */
  private readonly starts: Uint32Array;
  private readonly reader: AnswerReader;

  /** Throws when the bytes are not so many records. */
  constructor(
    bytes: Buffer,
    readonly length: number,
    private readonly times: BlockTimes,
  ) {
    if (length > bytes.length) throw new Error(`${bytes.length} bytes are not ${length} records`);
    this.reader = new AnswerReader(bytes);
    this.starts = new Uint32Array(length);
    for (let index = 0; index < length; index++) this.pass(index);
  }

  at(index: number): LogRecord | undefined {
    const place = index < 0 ? this.length + index : index;
    if (place < 0 || place >= this.length) return undefined;
    const { reader } = this;
    const { baseTimestamp, appendTime } = this.times;
    reader.position = this.starts[place] ?? 0;
    reader.int8(); // attributes
    const timestampDelta = reader.varint();
    return {
      offset: this.times.firstOffset + reader.varint(),
      timestamp: baseTimestamp === null ? appendTime : baseTimestamp + timestampDelta,
      key: reader.piece(),
      value: reader.piece(),
      headers: readHeaders(reader),
    };
  }

  [Symbol.iterator](): Iterator<LogRecord> {
    return inOrder(this);
  }

  /** Notes where the next record is, and passes over it. */
  private pass(index: number): void {
    const { reader } = this;
    const length = reader.varint();
    const start = reader.position;
    this.starts[index] = start;
    reader.skip(1); // attributes
    reader.varint(); // timestamp
    const offset = this.times.firstOffset + reader.varint();
    reader.skip(reader.varint()); // key
    reader.skip(reader.varint()); // value
    for (let left = reader.varint(); left > 0; left--) {
      reader.skip(reader.varint()); // name
      reader.skip(reader.varint()); // text
    }
    if (reader.position !== start + length) throw new Error(`the record at offset ${offset} is damaged`);
  }
}

/** Each when it is asked for. */
export function* inOrder(records: LogRecords): Generator<LogRecord> {
  for (let index = 0; index < records.length; index++) {
    const record = records.at(index);
    if (record !== undefined) yield record;
  }
}

function readHeaders(reader: AnswerReader): Headers {
  const count = reader.varint();
  if (count === 0) return NO_HEADERS;
  const headers: Header[] = [];
  for (let left = count; left > 0; left--) {
    const name = reader.piece();
    headers.push({ name: name === null ? '' : headerName(name), value: reader.piece() });
  }
  return headers;
}
