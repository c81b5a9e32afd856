/**
 * The records of a compressed batch, a block of whole records at a time, so that no more of it is in memory than its reader takes
 * (docs/adr/0023).
 *
 * | codec | records are | source |
 * | --- | --- | --- |
 * | 0 | not compressed | kafka.apache.org/documentation/#recordbatch |
 * | 1 | gzip members | RFC 1952 |
 * | 2 | snappy.ts | |
 * | 3 | lz4.ts | |
 * | 4 | zstd.ts | KIP-110 |
 *
 * 1. At most {@link BLOCK_BYTES} are decompressed for a block, a chunk more, or one record: the event loop has its turn between blocks.
 * 2. A record of more than {@link MAX_RECORD_BYTES}, or a batch of more than {@link MAX_BATCH_BYTES}, is refused: no producer within
 *    its own limits writes such, and what comes before it has been handed out (docs/guarantees.md).
 */
import type { LogRecords } from '@perennial/contracts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { decompressLz4 } from './lz4';
import { ResponseReader } from './primitive-types';
import { type BatchHeader, BLOCK_BYTES, LazyRecordBatch } from './record';
import { decompressSnappy } from './snappy';
import { decompressZstd } from './zstd';

/** Chunks of bounded size, each made when it is asked for; throws for what is damaged. Chunks are the reader's to keep. */
export type Decompress = (compressed: Buffer) => Iterable<Buffer> | AsyncIterable<Buffer>;

/** From codec 1 on. */
const CODECS: readonly Decompress[] = [decompressGzip, decompressSnappy, decompressLz4, decompressZstd];

/** Of the codec in the attributes of a batch that is compressed. */
export function decompressorOf(codec: number): Decompress {
  const decompress = CODECS[codec - 1];
  if (decompress === undefined) throw new Error(`its codec ${codec} is not known`);
  return decompress;
}

const GZIP_CHUNK_BYTES = 64 * 1024;

/** On zlib's threads, a chunk at a time and none ahead of the reader. */
async function* decompressGzip(compressed: Buffer): AsyncGenerator<Buffer> {
  const stream = createGunzip({ chunkSize: GZIP_CHUNK_BYTES });
  stream.end(compressed);
  for await (const chunk of stream) yield chunk as Buffer;
}

const MIB = 1024 * 1024;
export const MAX_RECORD_BYTES = 16 * MIB;
export const MAX_BATCH_BYTES = 256 * MIB;

/** Some whole records of a batch. */
export interface Block {
  readonly records: LogRecords;
  /** Kept in memory by the records. */
  readonly bytes: number;
}

/** Throws where the bytes are fewer than `count` records, or more than they may be. */
export async function* recordBlocks(
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  count: number,
  header: BatchHeader,
): AsyncGenerator<Block> {
  let pending: Buffer[] = [];
  let [bytes, wanted, total, left] = [0, BLOCK_BYTES, 0, count];
  for await (const chunk of chunks) {
    // Bytes after the last record are ignored, as in a batch that is not compressed.
    if (left === 0) return;
    pending.push(chunk);
    bytes += chunk.length;
    total += chunk.length;
    if (total > MAX_BATCH_BYTES) throw new Error(`it unpacks to more than ${MAX_BATCH_BYTES} bytes`);
    if (bytes < wanted) continue;
    const decompressed = Buffer.concat(pending, bytes);
    const { end, records, next } = wholeRecords(decompressed, left);
    if (records > 0) yield blockOf(decompressed.subarray(0, end), records, header);
    left -= records;
    pending = [decompressed.subarray(end)];
    bytes -= end;
    wanted = Math.max(BLOCK_BYTES, next);
    await nextTurn();
  }
  if (left > 0) yield blockOf(Buffer.concat(pending, bytes), left, header);
}

function blockOf(bytes: Buffer, count: number, header: BatchHeader): Block {
  return { records: new LazyRecordBatch(bytes, count, header), bytes: bytes.length };
}

/** A length is a varint of 32 bits. */
const MAX_LENGTH_BYTES = 5;

/** Where the last whole record ends, how many there are, and how many bytes the next one needs. */
function wholeRecords(bytes: Buffer, most: number): { end: number; records: number; next: number } {
  const reader = new ResponseReader(bytes);
  let [end, records] = [0, 0];
  while (records < most && reader.left >= MAX_LENGTH_BYTES) {
    const length = reader.varint();
    if (length < 0 || length > MAX_RECORD_BYTES) {
      throw new Error(`a record in it has ${length} bytes, more than ${MAX_RECORD_BYTES}`);
    }
    if (length > reader.left) return { end, records, next: length + MAX_LENGTH_BYTES };
    reader.skip(length);
    end = reader.position;
    records += 1;
  }
  return { end, records, next: 0 };
}
