import { setTimeout as pause } from 'node:timers/promises';

/** Asks until `probe` gives something else than null. Throws after `timeoutMs`, saying what was waited for, and on abort. */
export async function waitFor<T>(
  what: string,
  probe: () => T | null,
  options: { readonly timeoutMs: number; readonly everyMs?: number; readonly abort?: AbortSignal | undefined },
): Promise<T> {
  const giveUp = performance.now() + options.timeoutMs;
  for (;;) {
    options.abort?.throwIfAborted();
    const found = probe();
    if (found !== null) return found;
    if (performance.now() > giveUp) throw new Error(`waited ${options.timeoutMs / 1000} s for ${what}`);
    await pause(options.everyMs ?? 50);
  }
}
