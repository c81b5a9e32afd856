/**
 * A record batch of format version 2 (magic 2): kafka.apache.org/documentation/#recordbatch (KIP-98). Big endian:
 *
 * | at | field | bytes | meaning |
 * | --- | --- | --- | --- |
 * | 0 | base offset | 8 | of the first record; 0 where we write: the broker sets it |
 * | 8 | batch length | 4 | of what follows |
 * | 12 | partition leader epoch | 4 | set by the broker, so it is not in the checksum |
 * | 16 | magic | 1 | 2 |
 * | 17 | checksum | 4 | CRC-32C of what follows |
 * | 21 | attributes | 2 | bits 0-2: codec (compression.ts); 3: timestamps are the broker's; 4: in a transaction; 5: control; 6: base timestamp is a delete horizon |
 * | 23 | last offset delta | 4 | from the base offset; stays when records are compacted away |
 * | 27 | base timestamp | 8 | ms; of the first record |
 * | 35 | max timestamp | 8 | ms; the append time where the broker sets timestamps |
 * | 43 | producer id | 8 | -1: none |
 * | 51 | producer epoch | 2 | -1: none |
 * | 53 | base sequence | 4 | of the first record; -1: none |
 * | 57 | records count | 4 | |
 * | 61 | records | ... | record.ts, compressed as the attributes say |
 */
import type { Emission } from '@perennial/contracts';
import { type Block, decompressorOf, recordBlocks } from './compression';
import { crc32c } from './crc32c';
import { RecordBuffer, ResponseReader } from './primitive-types';
import { type BatchHeader, LazyRecordBatch, writeRecord } from './record';

const LENGTH_AT = 8;
const EPOCH_AT = 12;
const MAGIC_AT = 16;
const CHECKSUM_AT = 17;
const ATTRIBUTES_AT = 21;
const LAST_OFFSET_DELTA_AT = 23;
const BASE_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const PRODUCER_ID_AT = 43;
const PRODUCER_EPOCH_AT = 51;
const BASE_SEQUENCE_AT = 53;
const COUNT_AT = 57;
const RECORDS_AT = 61;

const MAGIC = 2;
const CODEC = 0x7;
const UNCOMPRESSED = 0;
const APPEND_TIME = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** Who sends a batch, for the broker to know a repeat. */
export interface BatchSender {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Rises by one with each record of a partition. */
  readonly baseSequence: number;
  /** Ms; topics that take the broker's append time do not read it. */
  readonly timestamp: number;
}

/**
 * Writes records into one growing buffer. kafkajs makes an encoder and several buffers for each field; here the bytes of a fact
 * are written once and copied never.
 */
export class BatchWriter {
  count = 0;
  private readonly out: RecordBuffer;

  /** @param capacity of the buffer at first, in bytes. */
  constructor(capacity: number) {
    this.out = new RecordBuffer(capacity, RECORDS_AT);
  }

  /** False, and nothing is written, when the batch has records and would be longer than `limit` bytes. */
  append(emission: Emission, limit: number): boolean {
    const { out } = this;
    const start = out.position;
    writeRecord(out, emission, this.count);
    if (this.count > 0 && out.position > limit) {
      out.position = start;
      return false;
    }
    this.count += 1;
    return true;
  }

  /** The batch, ready to be sent; a view. May be asked for again, for another sender. */
  finish({ producerId, producerEpoch, baseSequence, timestamp }: BatchSender): Uint8Array {
    const { bytes, position: end } = this.out;
    bytes.writeBigInt64BE(0n, 0);
    bytes.writeInt32BE(end - EPOCH_AT, LENGTH_AT);
    bytes.writeInt32BE(0, EPOCH_AT);
    bytes[MAGIC_AT] = MAGIC;
    bytes.writeInt16BE(0, ATTRIBUTES_AT);
    bytes.writeInt32BE(this.count - 1, LAST_OFFSET_DELTA_AT);
    bytes.writeBigInt64BE(BigInt(timestamp), BASE_TIMESTAMP_AT);
    bytes.writeBigInt64BE(BigInt(timestamp), MAX_TIMESTAMP_AT);
    bytes.writeBigInt64BE(producerId, PRODUCER_ID_AT);
    bytes.writeInt16BE(producerEpoch, PRODUCER_EPOCH_AT);
    bytes.writeInt32BE(baseSequence, BASE_SEQUENCE_AT);
    bytes.writeInt32BE(this.count, COUNT_AT);
    bytes.writeUInt32BE(crc32c(bytes, ATTRIBUTES_AT, end), CHECKSUM_AT);
    return bytes.subarray(0, end);
  }
}

/** A batch that was not looked into. */
export interface BatchFrame {
  readonly baseOffset: number;
  /** From the partition leader epoch on. */
  readonly bytes: Buffer;
}

/** The batches of a fetch response. The last one may be cut off: it is left out, and fetched again. */
export function framesIn(bytes: Buffer): readonly BatchFrame[] {
  const frames: BatchFrame[] = [];
  const reader = new ResponseReader(bytes);
  while (reader.left >= EPOCH_AT) {
    const baseOffset = reader.int64();
    const length = reader.int32();
    if (length > reader.left) break;
    frames.push({ baseOffset, bytes: reader.bytes(length) });
  }
  return frames;
}

export interface FetchedBatch {
  readonly baseOffset: number;
  /** Also where its last records were compacted away. */
  readonly lastOffset: number;
  readonly producerId: number;
  readonly inTransaction: boolean;
  /** Of transaction markers, not of records. */
  readonly isControl: boolean;
  /** Its records, decompressed as they are asked for. */
  blocks(): Iterable<Block> | AsyncIterable<Block>;
}

/** Throws for what is damaged, or was written by a newer or older Kafka. */
export function openFrame({ baseOffset, bytes }: BatchFrame): FetchedBatch {
  const reader = new ResponseReader(bytes);
  reader.int32(); // partition leader epoch
  const magic = reader.int8();
  if (magic !== MAGIC) throw new Error(`its format is ${magic}, only ${MAGIC} can be read`);
  const checksum = reader.int32() >>> 0;
  if (crc32c(bytes, reader.position, bytes.length) !== checksum)
    throw new Error('its checksum is wrong: it is damaged');
  const attributes = reader.int16();
  const lastOffset = baseOffset + reader.int32();
  const [baseTimestamp, maxTimestamp] = [reader.int64(), reader.int64()];
  const producerId = reader.int64();
  reader.int16(); // producer epoch
  reader.int32(); // base sequence
  const count = reader.int32();
  const header = {
    baseOffset,
    baseTimestamp: (attributes & APPEND_TIME) === 0 ? baseTimestamp : null,
    appendTime: maxTimestamp,
  };
  const records = bytes.subarray(reader.position);
  return {
    baseOffset,
    lastOffset,
    producerId,
    inTransaction: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    blocks: () => blocksOf(records, attributes & CODEC, count, header),
  };
}

function blocksOf(bytes: Buffer, codec: number, count: number, header: BatchHeader) {
  if (codec === UNCOMPRESSED) return [{ records: new LazyRecordBatch(bytes, count, header), bytes: bytes.length }];
  return recordBlocks(decompressorOf(codec)(bytes), count, header);
}
