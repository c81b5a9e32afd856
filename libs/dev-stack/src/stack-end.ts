import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { lockHolder } from './home-lock';
import type { StackHome } from './stack-home';

const LOOK_MS = 500;

/** How a stack of another process is: `ended` in order, or its process was `killed` and the servers may run on. */
export type StackPulse = 'runs' | 'ended' | 'killed';

/** An owner that ends takes its address away first (stack.ts, 3); one that is killed leaves it. */
export function pulseOf({ state, lock }: Pick<StackHome, 'state' | 'lock'>): StackPulse {
  if (!existsSync(state)) return 'ended';
  return lockHolder(lock) === null ? 'killed' : 'runs';
}

/** Resolves when the stack is no more; rejects when `signal` aborts before. */
export async function stackEnd(
  home: Pick<StackHome, 'state' | 'lock'>,
  signal: AbortSignal,
): Promise<Exclude<StackPulse, 'runs'>> {
  for (;;) {
    const pulse = pulseOf(home);
    if (pulse !== 'runs') return pulse;
    await pause(LOOK_MS, undefined, { signal });
  }
}
