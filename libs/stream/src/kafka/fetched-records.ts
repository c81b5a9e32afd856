import type { LogRecord } from '@perennial/contracts';

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
  readonly records: readonly LogRecord[];
}

/** What a fetch at an offset brought of one partition. */
export interface Readable {
  /** Without control records and records of aborted transactions. */
  readonly records: readonly LogRecord[];
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
  let found = next;
  for (const { records } of batches) {
    const first = records.find(({ offset }) => offset >= at);
    if (first === undefined) continue;
    found = first.offset;
    break;
  }
  return { records: committed(fetched, at), found, next };
}

/** A transaction is aborted from its first offset on until the marker of its producer. */
function committed({ batches, abortedTransactions }: FetchedPartition, at: number): readonly LogRecord[] {
  const aborted = abortedTransactions.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<number>();
  const records: LogRecord[] = [];
  for (const batch of batches) {
    while (aborted[0] !== undefined && aborted[0].firstOffset <= batch.lastOffset) {
      aborting.add(aborted[0].producerId);
      aborted.shift();
    }
    if (batch.isControl) {
      if (batch.records.some(({ key }) => key !== null && ABORT_MARKER.equals(key))) aborting.delete(batch.producerId);
    } else if (!(batch.inTransaction && aborting.has(batch.producerId))) {
      for (const record of batch.records) if (record.offset >= at) records.push(record);
    }
  }
  return records;
}
