import type { LogRecord, LogRecords } from '@perennial/contracts';
import { inOrder } from './record-block';

/** What an answer to a fetch has of one partition. */
export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly abortedTransactions: readonly { readonly producerId: number; readonly firstOffset: number }[];
  readonly batches: readonly FetchedBatch[];
}
export interface FetchedBatch {
  readonly firstOffset: number;
  /** Also where its last records were compacted away. */
  readonly lastOffset: number;
  readonly producerId: number;
  readonly inTransaction: boolean;
  /** Of markers, not of records. */
  readonly isControl: boolean;
  readonly records: LogRecords;
}

/** What a fetch at an offset brought of one partition. */
export interface Readable {
  /** Without control records and records of aborted transactions. */
  readonly records: LogRecords;
  /** Offset of the first record in the log at or after the offset asked for, whether readable or not. */
  readonly found: number;
  /** Where to go on: after the last batch, also where its last records were compacted away. */
  readonly next: number;
}

const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);

/** Null when nothing was there. */
export function readable(fetched: FetchedPartition, at: number): Readable | null {
  const { batches } = fetched;
  const last = batches.at(-1);
  if (last === undefined) return null;
  const next = Math.max(at, last.lastOffset + 1);
  const parts = batches.map(({ records }) => from(records, at));
  const first = parts.find(({ length }) => length > 0);
  return { records: committed(fetched, parts), found: first?.firstOffset ?? next, next };
}

/** `parts`: what is wanted of each batch. A transaction is aborted from its first offset on until the marker of its producer. */
function committed({ batches, abortedTransactions }: FetchedPartition, parts: readonly Part[]): LogRecords {
  const aborted = abortedTransactions.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<number>();
  const kept: Part[] = [];
  for (const [index, batch] of batches.entries()) {
    while (aborted[0] !== undefined && aborted[0].firstOffset <= batch.lastOffset) {
      aborting.add(aborted[0].producerId);
      aborted.shift();
    }
    if (batch.isControl) {
      if (endsAborted(batch.records)) aborting.delete(batch.producerId);
    } else if (!(batch.inTransaction && aborting.has(batch.producerId))) {
      const part = parts[index];
      if (part !== undefined) kept.push(part);
    }
  }
  return new Records(kept);
}

function endsAborted(markers: LogRecords): boolean {
  for (const { key } of markers) if (key !== null && ABORT_MARKER.equals(key)) return true;
  return false;
}

/** The records of a batch from an index on. */
interface Part {
  readonly block: LogRecords;
  readonly start: number;
  readonly length: number;
  readonly firstOffset: number;
}

/** Those at or after an offset. */
function from(block: LogRecords, offset: number): Part {
  let start = 0;
  let firstOffset = block.at(start)?.offset ?? offset;
  while (firstOffset < offset) firstOffset = block.at(++start)?.offset ?? offset;
  return { block, start, length: block.length - start, firstOffset };
}

class Records implements LogRecords {
  readonly length: number;
  /** The part that was asked last, and how many records are before it: they are asked for one after the other. */
  private current = 0;
  private before = 0;

  constructor(private readonly parts: readonly Part[]) {
    this.length = parts.reduce((sum, { length }) => sum + length, 0);
  }

  at(index: number): LogRecord | undefined {
    const place = index < 0 ? this.length + index : index;
    if (place < 0 || place >= this.length) return undefined;
    if (place < this.before) [this.current, this.before] = [0, 0];
    for (let part = this.parts[this.current]; part !== undefined; part = this.parts[++this.current]) {
      if (place < this.before + part.length) return part.block.at(part.start + place - this.before);
      this.before += part.length;
    }
    return undefined;
  }

  [Symbol.iterator](): Iterator<LogRecord> {
    return inOrder(this);
  }
}
