import { type OutRecord } from '@perennial/contracts';
import { type Instant, partitionFor } from '@perennial/values';
import { openProgress } from '@perennial/command-line';
import type { Site } from '../run/site';
import { clock, founding } from './commands';
import { type History, historyOf } from './history';

/** Records of one call, and calls on their way: the producer sends one request at a time. */
const CHUNK = 400;
const AHEAD = 2;
/** Of every history, so that rounds, engines and builds read the same activities. */
export const SEED = 20_260_101;
/** Deadlines that one clock record fires at most. */
const DEADLINES_PER_CLOCK = 5_000;

/** Sends records in order, a few calls ahead of the acknowledgements; tells how many are sent. */
export async function sendAll(site: Site, title: string, total: number, records: Iterable<OutRecord>): Promise<void> {
  const progress = openProgress({ title, unit: 'records', total });
  const producer = site.log.producer();
  await producer.connect();
  const underWay: Promise<unknown>[] = [];
  let sent = 0;
  try {
    for (const chunk of chunks(records)) {
      if (underWay.length >= AHEAD) await underWay.shift();
      underWay.push(producer.send(chunk));
      progress.update((sent += chunk.length));
    }
    await Promise.all(underWay);
  } finally {
    progress.stop();
    await producer.close();
  }
}

/**
 * Fills the activity topic of a site: commands, the history, then clock records at the newest event time of each
 * partition, as many as it could take to fire a deadline of each of its customers.
 */
export async function loadHistory(site: Site, history: History, definition: string): Promise<void> {
  const newest = newestOf(history, site.partitions);
  const end = Math.max(...newest.map(({ at }) => at));
  const source = { kind: 'event', aheadMs: end - Date.now() } as const;
  const clocks = newest.flatMap(({ at, customers }, partition) =>
    Array.from({ length: Math.ceil(customers / DEADLINES_PER_CLOCK) }, () => clock(partition, at)),
  );
  const head = founding(site.partitions, definition, source);
  await site.createTopics();
  await sendAll(site, `load ${history.distribution}`, head.length + history.events + clocks.length, records());

  function* records(): Generator<OutRecord> {
    yield* head;
    for (const [record] of historyOf(history)) yield record;
    yield* clocks;
  }
}

/** Of each partition the newest event time, and how many customers it has. */
function newestOf(history: History, partitions: number): { readonly at: Instant; readonly customers: number }[] {
  const all = Array.from({ length: partitions }, () => ({ at: 0, keys: new Set<string>() }));
  for (const [{ key }, at] of historyOf(history)) {
    if (typeof key !== 'string') continue;
    const partition = all[partitionFor(key, partitions)];
    if (partition === undefined) continue;
    partition.keys.add(key);
    partition.at = Math.max(partition.at, at);
  }
  return all.map(({ at, keys }) => ({ at, customers: keys.size }));
}

function* chunks(records: Iterable<OutRecord>): Generator<readonly OutRecord[]> {
  let chunk: OutRecord[] = [];
  for (const record of records) {
    chunk.push(record);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
