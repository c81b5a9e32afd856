import { setTimeout as wait } from 'node:timers/promises';

/** Asks until there is an answer. Fails after `patience` ms: what is waited for then never comes. */
export async function waitFor<T>(what: string, ask: () => Promise<T | null>, patience = 60_000): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${patience} ms for ${what}`);
    await wait(20);
  }
}
