import type { PastActivity } from '@perennial/history';

/**
 * The most activities of one customer that may be unacknowledged at a time. A resumed import may send that many again;
 * the engine remembers as many ids of a customer, so that it knows them all for repeats.
 */
export const MOST_UNACKNOWLEDGED = 32;

/** Activities in runs that may be sent at once: at most `limit`, and of one customer at most {@link MOST_UNACKNOWLEDGED}. */
export async function* chunksOf(
  pages: AsyncIterable<readonly PastActivity[]>,
  limit: number,
): AsyncGenerator<readonly PastActivity[]> {
  let chunk: PastActivity[] = [];
  let ofCustomer = new Map<string, number>();
  for await (const page of pages) {
    for (const past of page) {
      const count = (ofCustomer.get(past.customer) ?? 0) + 1;
      if (count > MOST_UNACKNOWLEDGED || chunk.length >= limit) {
        yield chunk;
        chunk = [];
        ofCustomer = new Map();
      }
      ofCustomer.set(past.customer, count > MOST_UNACKNOWLEDGED || chunk.length === 0 ? 1 : count);
      chunk.push(past);
    }
  }
  if (chunk.length > 0) yield chunk;
}
