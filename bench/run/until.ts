import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 20;

/** Resolves when it holds. Rejects when what `changes` tells has not changed for `patienceMs`. */
export async function until(
  what: string,
  holds: () => boolean,
  changes: () => unknown,
  patienceMs = 20_000,
): Promise<void> {
  for (let last = changes(), since = performance.now(); !holds(); ) {
    const now = changes();
    if (now !== last) [last, since] = [now, performance.now()];
    if (performance.now() - since > patienceMs)
      throw new Error(`nothing happened for ${patienceMs / 1000} s: waited for ${what}`);
    await wait(POLL_MS);
  }
}
