/**
 * The records of a packed batch, a block of whole records at a time, so that no more of it is in memory than its reader takes.
 *
 * 1. At most {@link BLOCK_BYTES} are unpacked for a block, a chunk more, or one record: the event loop has its turn between blocks.
 * 2. A record of more than {@link MOST_RECORD_BYTES}, or a batch of more than {@link MOST_BATCH_BYTES}, is refused: no producer within
 *    its own limits writes such, and what comes before it has been handed out (docs/guarantees.md).
 */
import type { LogRecords } from '@perennial/contracts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AnswerReader } from './answer-reader';
import { type BlockTimes, RecordBlock } from './record';

const MIB = 1024 * 1024;
export const BLOCK_BYTES = MIB;
export const MOST_RECORD_BYTES = 16 * MIB;
export const MOST_BATCH_BYTES = 256 * MIB;

/** Records and how many bytes they keep in memory. */
export interface Block {
  readonly records: LogRecords;
  readonly bytes: number;
}

/** Throws where the bytes are fewer than `count` records, or more than they may be. */
export async function* recordBlocks(
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  count: number,
  times: BlockTimes,
): AsyncGenerator<Block> {
  let waiting: Buffer[] = [];
  let [bytes, wanted, total, left] = [0, BLOCK_BYTES, 0, count];
  for await (const chunk of chunks) {
    // What comes behind the last record is not looked at, as in a plain batch.
    if (left === 0) return;
    waiting.push(chunk);
    bytes += chunk.length;
    total += chunk.length;
    if (total > MOST_BATCH_BYTES) throw new Error(`it unpacks to more than ${MOST_BATCH_BYTES} bytes`);
    if (bytes < wanted) continue;
    const unpacked = Buffer.concat(waiting, bytes);
    const { end, records, next } = wholeRecords(unpacked, left);
    if (records > 0) yield blockOf(unpacked.subarray(0, end), records, times);
    left -= records;
    waiting = [unpacked.subarray(end)];
    bytes -= end;
    wanted = Math.max(BLOCK_BYTES, next);
    await nextTurn();
  }
  if (left > 0) yield blockOf(Buffer.concat(waiting, bytes), left, times);
}

function blockOf(bytes: Buffer, count: number, times: BlockTimes): Block {
  return { records: new RecordBlock(bytes, count, times), bytes: bytes.length };
}

/** A length is a varint of 32 bits. */
const MOST_LENGTH_BYTES = 5;

/** Where the last whole record ends, how many there are, and how many bytes the next one needs. */
function wholeRecords(bytes: Buffer, most: number): { end: number; records: number; next: number } {
  const reader = new AnswerReader(bytes);
  let [end, records] = [0, 0];
  while (records < most && reader.left >= MOST_LENGTH_BYTES) {
    const length = reader.varint();
    if (length < 0 || length > MOST_RECORD_BYTES) {
      throw new Error(`a record in it has ${length} bytes, more than ${MOST_RECORD_BYTES}`);
    }
    if (length > reader.left) return { end, records, next: length + MOST_LENGTH_BYTES };
    reader.skip(length);
    end = reader.position;
    records += 1;
  }
  return { end, records, next: 0 };
}
