import type { FetchedBatch } from '../wire/fetched-batch';

/** A transaction that was aborted: of this producer, from this offset on until the producer's next marker. */
export interface Aborted {
  readonly producerId: number;
  readonly firstOffset: number;
}

const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);

/** Tells, batch after batch in their order, which hold records for readers. */
export class AbortedTransactions {
  private readonly coming: Aborted[];
  private readonly aborting = new Set<number>();

  constructor(aborted: readonly Aborted[]) {
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
