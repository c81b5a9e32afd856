import { recordBytes } from '@perennial/contracts';
import type { Log } from '../port';
import { BODY_BYTES, batchToWire, type WireBatch } from './wire';

interface ReadRequest {
  readonly topic: string;
  readonly positions: readonly (readonly [number, number])[];
  readonly waitMs: number;
}

/** What is there at the positions, records or not, up to a few megabytes; waits when nothing is. */
export async function readSome(log: Log, request: ReadRequest, gone: AbortSignal): Promise<WireBatch[]> {
  const batches: WireBatch[] = [];
  const enough = new AbortController();
  const end = () => {
    enough.abort();
  };
  const timer = setTimeout(end, request.waitMs);
  gone.addEventListener('abort', end);
  let bytes = 0;
  try {
    await log.reader().read({
      topic: request.topic,
      from: new Map(request.positions),
      signal: enough.signal,
      batch: (batch) => {
        batches.push(batchToWire(batch));
        for (const record of batch.records) bytes += recordBytes(record);
        if (bytes > BODY_BYTES) end();
        // The reader goes on without a break while there is something to read.
        else setImmediate(end);
      },
    });
  } finally {
    clearTimeout(timer);
    gone.removeEventListener('abort', end);
  }
  return batches;
}
