/**
 * One process at a time owns a stack.
 *
 * 1. The lock appears whole (link of a finished file), so nobody reads half of it.
 * 2. A lock counts only while the process named in it runs, told by pid and start time: a SIGKILL leaves no
 *    lock that has to be removed by hand, and a pid given to another program holds nothing.
 * 3. It is gone when the process ends, however it ends short of SIGKILL.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identify, isRunning, type ProcessIdentity } from './process-identity';

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
