/**
 * What a fetch brought of one partition, made readable slice by slice.
 *
 * 1. Pieces cover the offsets from the one asked for to the end of the last batch, each from where the one before ended; what readers
 *    may see of them is in `records`: no markers, no records of aborted transactions.
 * 2. A slice ends when it has {@link BLOCK_BYTES}; what is packed is unpacked no further than that.
 * 3. What comes before a batch that cannot be read is handed out before the error is thrown.
 * 4. Offsets for which the log has neither records nor markers are told as gaps (docs/adr/0022).
 */
import { type FetchedBatch, type Frame, openFrame } from '../wire/fetched-batch';
import { AbortedTransactions, type Aborted } from './aborted-transactions';
import { FetchedSliceBuilder, type FetchedSlice } from './completed-fetch';
import { BLOCK_BYTES } from '../wire/compression';

/** What an answer to a fetch has of one partition. */
export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly abortedTransactions: readonly Aborted[];
  readonly frames: readonly Frame[];
}

export function slicesOf({ frames, abortedTransactions }: FetchedPartition, at: number): AsyncGenerator<FetchedSlice> {
  return readable(opened(frames), abortedTransactions, at);
}

function* opened(frames: readonly Frame[]): Generator<FetchedBatch> {
  for (const frame of frames) yield openFrame(frame);
}

export async function* readable(
  batches: Iterable<FetchedBatch>,
  abortedTransactions: readonly Aborted[],
  at: number,
): AsyncGenerator<FetchedSlice> {
  const aborted = new AbortedTransactions(abortedTransactions);
  const slice = new FetchedSliceBuilder(at);
  try {
    for (const batch of batches) {
      if (!(await aborted.passes(batch))) slice.passTo(batch.firstOffset, batch.lastOffset + 1);
      else {
        for await (const block of batch.blocks()) {
          slice.add(block);
          if (slice.bytes >= BLOCK_BYTES) yield slice.finish();
        }
        slice.endAt(batch.lastOffset + 1);
      }
    }
  } catch (error) {
    if (slice.moves) yield slice.finish();
    throw error;
  }
  if (slice.moves) yield slice.finish();
}
