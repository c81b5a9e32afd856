import { setTimeout as wait } from 'node:timers/promises';
import { TOPIC } from '@perennial/contracts';
import type { Connection } from '../connection';

const INTERVAL_MS = 50;

/** Resolves when the engine has committed every record that is in the activity topic at this moment. */
export async function drained({ log, reports }: Connection, signal: AbortSignal): Promise<void> {
  const admin = log.admin();
  await admin.connect();
  const ends = new Map((await admin.offsets(TOPIC.activity)).map(({ partition, high }) => [partition, high]));
  await admin.close();
  for (;;) {
    const progress = new Map((await reports.progress()).map(({ partition, nextOffset }) => [partition, nextOffset]));
    if ([...ends].every(([partition, high]) => (progress.get(partition) ?? 0) >= high)) return;
    await wait(INTERVAL_MS, undefined, { signal });
  }
}
