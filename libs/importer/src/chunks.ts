import type { PastRow } from './ports';

export interface ChunkLimits {
  /** Most rows of a chunk. */
  readonly rows: number;
  /** Most rows of one customer in a chunk. */
  readonly ofCustomer: number;
}

/** Rows in runs that may be sent at once, in order. */
export async function* chunksOf(
  pages: AsyncIterable<readonly PastRow[]>,
  { rows, ofCustomer }: ChunkLimits,
): AsyncGenerator<readonly PastRow[]> {
  let chunk: PastRow[] = [];
  let counts = new Map<string, number>();
  for await (const page of pages) {
    for (const past of page) {
      if (chunk.length >= rows || (counts.get(past.customer) ?? 0) >= ofCustomer) {
        yield chunk;
        chunk = [];
        counts = new Map();
      }
      counts.set(past.customer, (counts.get(past.customer) ?? 0) + 1);
      chunk.push(past);
    }
  }
  if (chunk.length > 0) yield chunk;
}
