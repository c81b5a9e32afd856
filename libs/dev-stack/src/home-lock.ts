/**
 * One process at a time owns a stack.
 *
 * 1. The lock appears whole (link of a finished file), so nobody reads half of it.
 * 2. A lock counts only while the process named in it runs, told by pid and start time: a SIGKILL leaves no
 *    lock that has to be removed by hand, and a pid given to another program holds nothing.
 * 3. It is gone when the process ends, however it ends short of SIGKILL.
 */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ConfigurationError } from '@perennial/config';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './process-identity';
import { passableMode } from './stack-files';
import type { StackHome } from './stack-home';

export type TakenLock =
  | { readonly kind: 'taken'; release(): void }
  | { readonly kind: 'held'; readonly by: ProcessIdentity };

export function takeLock(file: string): TakenLock {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    for (;;) {
      if (linked(mine, file)) return { kind: 'taken', release: releaseAtExit(file) };
      const by = lockHolder(file);
      if (by !== null) return { kind: 'held', by };
      removeStale(file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** The running process that holds the lock; null when none does. */
export function lockHolder(file: string): ProcessIdentity | null {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return isRunning(holder) ? holder : null;
  } catch {
    return null; // no lock, or not one of ours
  }
}

function linked(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Two processes may find the same stale lock; the slower one may take away the lock of the faster, and puts it back. */
function removeStale(file: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return; // the other one was faster
  }
  if (lockHolder(aside) !== null) linked(aside, file);
  rmSync(aside, { force: true });
}

function releaseAtExit(file: string): () => void {
  const release = (): void => {
    process.off('exit', release);
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  return release;
}

/** Makes the folder of a stack, and takes its lock. Throws `ConfigurationError` when it is none, or cannot be written. */
export function takeHome({ folder, lock }: Pick<StackHome, 'folder' | 'lock'>): TakenLock {
  try {
    makeFolder(folder, passableMode());
    return takeLock(lock);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError([
      `PERENNIAL_HOME: ${folder} cannot hold the data of a stack (${code ?? message}). Name a folder that this user may write.`,
    ]);
  }
}

/** Step by step: for a folder that cannot be, such as one in /proc, Node's own `recursive` never returns. */
function makeFolder(folder: string, mode: number): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), 0o777);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another start was faster
  }
}

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
