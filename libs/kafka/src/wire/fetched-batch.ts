/**
 * A record batch as a broker stores it: kafka.apache.org/documentation/#recordbatch. Big endian: first offset (i64), length (i32) of
 * what follows, epoch of the leader (i32), magic (i8), CRC-32C (u32) of what follows, attributes (i16), last offset less the first (i32),
 * first and greatest timestamp (i64), producer's id (i64), epoch (i16) and sequence (i32), number of records (i32), records, packed
 * as the attributes say.
 */
import { AnswerReader } from './answer-reader';
import { crc32c } from './crc32c';
import { type BlockTimes, RecordBlock } from './record';
import { type Block, recordBlocks } from './compression';
import { unpackerOf } from './unpack';

const MAGIC = 2;
/** First offset and length. */
const PREFIX_BYTES = 12;
const CODEC = 0x7;
const APPEND_TIME = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

export interface FetchedBatch {
  readonly firstOffset: number;
  /** Also where its last records were compacted away. */
  readonly lastOffset: number;
  readonly producerId: number;
  readonly inTransaction: boolean;
  /** Of markers, not of records. */
  readonly isControl: boolean;
  /** Its records, unpacked as they are asked for. */
  blocks(): Iterable<Block> | AsyncIterable<Block>;
}

/** A batch that was not looked into. */
export interface Frame {
  readonly firstOffset: number;
  readonly bytes: Buffer;
}

/** The batches of an answer. The last one may be cut off: it is fetched again. */
export function framesIn(bytes: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  const reader = new AnswerReader(bytes);
  while (reader.left >= PREFIX_BYTES) {
    const firstOffset = reader.int64();
    const length = reader.int32();
    if (length > reader.left) break;
    frames.push({ firstOffset, bytes: reader.bytes(length) });
  }
  return frames;
}

/** Throws for what is damaged, or was written by a newer or older Kafka. */
export function openFrame({ firstOffset, bytes }: Frame): FetchedBatch {
  const reader = new AnswerReader(bytes);
  reader.int32(); // epoch of the leader
  const magic = reader.int8();
  if (magic !== MAGIC) throw new Error(`its format is ${magic}, only ${MAGIC} can be read`);
  const checksum = reader.int32() >>> 0;
  if (crc32c(bytes, reader.position, bytes.length) !== checksum)
    throw new Error('its checksum is wrong: it is damaged');
  const attributes = reader.int16();
  const lastOffset = firstOffset + reader.int32();
  const [baseTimestamp, maxTimestamp] = [reader.int64(), reader.int64()];
  const producerId = reader.int64();
  reader.int16(); // epoch of the producer
  reader.int32(); // its sequence number
  const count = reader.int32();
  const times = {
    firstOffset,
    baseTimestamp: (attributes & APPEND_TIME) === 0 ? baseTimestamp : null,
    appendTime: maxTimestamp,
  };
  const rest = bytes.subarray(reader.position);
  return {
    firstOffset,
    lastOffset,
    producerId,
    inTransaction: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    blocks: () => blocksOf(rest, attributes & CODEC, count, times),
  };
}

function blocksOf(bytes: Buffer, codec: number, count: number, times: BlockTimes) {
  const unpack = unpackerOf(codec);
  if (unpack === null) return [{ records: new RecordBlock(bytes, count, times), bytes: bytes.length }];
  return recordBlocks(unpack(bytes), count, times);
}
