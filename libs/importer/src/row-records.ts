/** Rows of a history as records of the activity topic, and in chunks that may be sent at once. */
import { activityRecord, type OutRecord } from '@perennial/contracts';
import { formatInstant, type TenantId } from '@perennial/values';
import { rowId } from './import-name';
import type { PastRow } from './ports';

/** The record of a row: a Segment message with the row's id, else with one from the import's name and the row's place. */
export function rowRecord(tenant: TenantId, importName: string, past: PastRow): OutRecord {
  const { customer, at, type, event, properties } = past;
  const { groupId, previousId } = properties;
  const message = {
    type,
    messageId: past.id ?? rowId(importName, past.row),
    userId: customer,
    ...(event === null ? {} : { event }),
    timestamp: formatInstant(at),
    ...(type === 'identify' || type === 'group' ? { traits: properties } : { properties }),
    ...(type === 'group' ? { groupId } : {}),
    ...(type === 'alias' ? { previousId } : {}),
  };
  return activityRecord(tenant, message as Parameters<typeof activityRecord>[1]);
}

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
