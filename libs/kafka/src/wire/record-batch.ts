/**
 * Writes records in Kafka's format (record batch, magic 2) into one growing buffer. kafkajs makes an encoder and several
 * buffers for each field; facts are most of what the engine writes, so their bytes are written once and copied never.
 */
import { type Emission, isFact, type OutRecord } from '@perennial/contracts';
import { crc32c } from './crc32c';
import { writeFactRecord } from './fact-record';
import { RecordBytes } from './primitive-types';

/** Who sends a batch, for the broker to know a repeat. */
export interface Stamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Of the first record; rises by one with each record of a partition. */
  readonly sequence: number;
  /** Milliseconds; topics that take the broker's append time do not read it. */
  readonly timestamp: number;
}

const LENGTH_AT = 8;
const MAGIC_AT = 16;
const CRC_AT = 17;
const CHECKED_FROM = 21;
const LAST_DELTA_AT = 23;
const TIMESTAMPS_AT = 27;
const PRODUCER_AT = 43;
const COUNT_AT = 57;
const HEADER_BYTES = 61;
const MAGIC = 2;
/** Of records, texts and the like: close enough for the length to take the room that was left for it. */
const LIKELY_RECORD = 500;
const LIKELY_TEXT = 32;

export class BatchWriter {
  count = 0;
  private readonly out: RecordBytes;

  constructor(capacity: number) {
    this.out = new RecordBytes(capacity, HEADER_BYTES);
  }

  /** Bytes of the batch so far. */
  get length(): number {
    return this.out.at;
  }

  /** False, and nothing is written, when the batch has records and would be longer than `limit`. */
  append(emission: Emission, limit: number): boolean {
    const { out } = this;
    const start = out.open(LIKELY_RECORD);
    out.byte(0); // no attributes
    out.byte(0); // timestamp of the batch
    out.varint(this.count);
    if (isFact(emission)) writeFactRecord(out, emission);
    else this.record(emission);
    out.close(start, LIKELY_RECORD);
    if (this.count > 0 && out.at > limit) {
      out.at = start;
      return false;
    }
    this.count += 1;
    return true;
  }

  /** The batch, ready to be sent. May be asked for again, for another sender. */
  finish({ producerId, producerEpoch, sequence, timestamp }: Stamp): Uint8Array {
    const { buffer, at: end } = this.out;
    buffer.writeBigInt64BE(0n, 0);
    buffer.writeInt32BE(end - LENGTH_AT - 4, LENGTH_AT);
    buffer.writeInt32BE(0, LENGTH_AT + 4);
    buffer[MAGIC_AT] = MAGIC;
    buffer.writeInt16BE(0, CHECKED_FROM);
    buffer.writeInt32BE(this.count - 1, LAST_DELTA_AT);
    buffer.writeBigInt64BE(BigInt(timestamp), TIMESTAMPS_AT);
    buffer.writeBigInt64BE(BigInt(timestamp), TIMESTAMPS_AT + 8);
    buffer.writeBigInt64BE(producerId, PRODUCER_AT);
    buffer.writeInt16BE(producerEpoch, PRODUCER_AT + 8);
    buffer.writeInt32BE(sequence, PRODUCER_AT + 10);
    buffer.writeInt32BE(this.count, COUNT_AT);
    buffer.writeUInt32BE(crc32c(buffer, CHECKED_FROM, end), CRC_AT);
    return buffer.subarray(0, end);
  }

  private record({ key, value, headers }: OutRecord): void {
    this.piece(key);
    this.piece(value);
    this.out.varint(headers.length);
    for (const header of headers) {
      this.piece(header.name);
      this.piece(header.value);
    }
  }

  private piece(piece: string | Uint8Array | null): void {
    if (piece === null) this.out.varint(-1);
    else if (typeof piece === 'string') this.text(piece);
    else {
      this.out.varint(piece.length);
      this.out.bytes(piece);
    }
  }

  private text(text: string): void {
    const likely = text.length < LIKELY_TEXT ? LIKELY_TEXT : text.length;
    const start = this.out.open(likely);
    this.out.plain(text);
    this.out.close(start, likely);
  }
}
