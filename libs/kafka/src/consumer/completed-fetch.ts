/**
 * What a fetch brought of one partition, made readable slice by slice.
 *
 * 1. Slices cover the offsets from the one asked for to the end of the last batch, each from where the one before ended; what readers
 *    may see of them is in `records`: no markers, no records of aborted transactions.
 * 2. A slice ends when it has {@link BLOCK_BYTES}; what is compressed is decompressed no further than that.
 * 3. What comes before a batch that cannot be read is handed out before the error is thrown.
 * 4. Offsets for which the log has neither records nor markers are told as gaps (docs/adr/0022).
 */
import type { LogRecord, LogRecords } from '@perennial/contracts';
import type { AbortedTransaction, FetchedPartition } from '../wire/fetch';
import { BLOCK_BYTES, inOrder } from '../wire/record';
import { type BatchFrame, type FetchedBatch, openFrame } from '../wire/record-batch';

/** Everything for readers in the offsets [fromOffset, nextOffset). */
export interface FetchedSlice {
  readonly records: LogRecords;
  /** Kept in memory by the records. */
  readonly bytes: number;
  readonly fromOffset: number;
  readonly nextOffset: number;
  readonly gaps: readonly Gap[];
}

/** Offsets [expected, found) of which the log has nothing. */
interface Gap {
  readonly expected: number;
  readonly found: number;
}

/** Readable slices of a fetch at the offset `at`. */
export function slicesOf({ frames, abortedTransactions }: FetchedPartition, at: number): AsyncGenerator<FetchedSlice> {
  return readable(opened(frames), abortedTransactions, at);
}

function* opened(frames: readonly BatchFrame[]): Generator<FetchedBatch> {
  for (const frame of frames) yield openFrame(frame);
}

export async function* readable(
  batches: Iterable<FetchedBatch>,
  abortedTransactions: readonly AbortedTransaction[],
  at: number,
): AsyncGenerator<FetchedSlice> {
  const aborted = new AbortedTransactions(abortedTransactions);
  const slice = new FetchedSliceBuilder(at);
  try {
    for (const batch of batches) {
      if (!(await aborted.passes(batch))) slice.passTo(batch.baseOffset, batch.lastOffset + 1);
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

/** The key of an abort marker: version and type, int16 each (KIP-98). */
const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);

/** Tells, batch after batch in their order, which hold records for readers. */
class AbortedTransactions {
  private readonly coming: AbortedTransaction[];
  private readonly aborting = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.coming = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  async passes(batch: FetchedBatch): Promise<boolean> {
    for (let [next] = this.coming; next !== undefined && next.firstOffset <= batch.lastOffset; [next] = this.coming) {
      this.aborting.add(next.producerId);
      this.coming.shift();
    }
    if (!batch.isControl) return !(batch.inTransaction && this.aborting.has(batch.producerId));
    if (await endsAborted(batch)) this.aborting.delete(batch.producerId);
    return false;
  }
}

async function endsAborted(markers: FetchedBatch): Promise<boolean> {
  for await (const { records } of markers.blocks()) {
    for (const { key } of records) if (key !== null && ABORT_MARKER.equals(key)) return true;
  }
  return false;
}

/** The records of a block from an index on. */
interface BlockRange {
  readonly block: LogRecords;
  readonly start: number;
  readonly length: number;
}

/** Gathers what comes from an offset on. Used again after `finish`: the next slice begins where the last ended. */
class FetchedSliceBuilder {
  bytes = 0;
  private ranges: BlockRange[] = [];
  private gaps: Gap[] = [];
  private nextOffset: number;

  constructor(private fromOffset: number) {
    this.nextOffset = fromOffset;
  }

  get moves(): boolean {
    return this.nextOffset > this.fromOffset;
  }

  /** Of records before the offset nothing is kept. */
  add({ records: block, bytes }: { readonly records: LogRecords; readonly bytes: number }): void {
    let start = 0;
    while (start < block.length && (block.at(start)?.offset ?? 0) < this.nextOffset) start += 1;
    const length = block.length - start;
    if (length === 0) return;
    this.ranges.push({ block, start, length });
    this.bytes += bytes;
    const end = (block.at(-1)?.offset ?? 0) + 1;
    if (end - this.nextOffset === length) this.nextOffset = end;
    else for (let index = start; index < block.length; index++) this.endAt(block.at(index)?.offset ?? 0, 1);
  }

  /** Offsets that are not for readers. */
  passTo(first: number, end: number): void {
    this.endAt(first, Math.max(0, end - Math.max(first, this.nextOffset)));
  }

  /** Nothing lies before `offset` any more; from there on come so many offsets that are accounted for. */
  endAt(offset: number, accounted = 0): void {
    if (offset > this.nextOffset) this.gaps.push({ expected: this.nextOffset, found: offset });
    this.nextOffset = Math.max(offset, this.nextOffset) + accounted;
  }

  finish(): FetchedSlice {
    const { bytes, ranges, gaps, fromOffset, nextOffset } = this;
    [this.bytes, this.ranges, this.gaps, this.fromOffset] = [0, [], [], nextOffset];
    return { records: new Records(ranges), bytes, fromOffset, nextOffset, gaps };
  }
}

class Records implements LogRecords {
  readonly length: number;
  /** The range that was asked last, and how many records are before it: they are asked for one after the other. */
  private current = 0;
  private before = 0;

  constructor(private readonly ranges: readonly BlockRange[]) {
    this.length = ranges.reduce((sum, { length }) => sum + length, 0);
  }

  at(index: number): LogRecord | undefined {
    const place = index < 0 ? this.length + index : index;
    if (place < 0 || place >= this.length) return undefined;
    if (place < this.before) [this.current, this.before] = [0, 0];
    for (let range = this.ranges[this.current]; range !== undefined; range = this.ranges[++this.current]) {
      if (place < this.before + range.length) return range.block.at(range.start + place - this.before);
      this.before += range.length;
    }
    return undefined;
  }

  [Symbol.iterator](): Iterator<LogRecord> {
    return inOrder(this);
  }
}
