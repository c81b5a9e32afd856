import type { Activity, Instant } from '@perennial/contracts';
import { NEVER } from './fold/folding';
import type { RecentIds } from './state';

export const noRecentIds: RecentIds = { hashes: [], statedAt: [], next: 0, forgottenThrough: NEVER };

/**
 * `new`: cannot be a repeat. `duplicate`: its id is among the recent ones. `unverifiable`: older than ids the ring has
 * forgotten, so it may be either.
 */
export type Repetition = 'new' | 'duplicate' | 'unverifiable';

/**
 * Judges by the time the producer stated: a repeat states the same time as its original, so what is later than all
 * others needs no look at the ids. Unless the time is not the producer's own (none stated, or corrected).
 */
export function repetition(
  recent: RecentIds,
  newestStatedAt: Instant,
  { id, at, corrected }: Pick<Activity, 'id' | 'at' | 'corrected'>,
  statedAt: Instant,
): Repetition {
  const later = statedAt > newestStatedAt;
  if (id === null || (later && at !== null && corrected !== true)) return 'new';
  if (recent.hashes.includes(hashOfId(id))) return 'duplicate';
  return later || statedAt > recent.forgottenThrough ? 'new' : 'unverifiable';
}

/** The ring with one more id; with `size` of them the oldest by arrival makes room. */
export function remember(recent: RecentIds, id: string | null, statedAt: Instant, size: number): RecentIds {
  if (id === null) return recent;
  const hash = hashOfId(id);
  if (recent.hashes.length < size) {
    return { ...recent, hashes: [...recent.hashes, hash], statedAt: [...recent.statedAt, statedAt] };
  }
  const { next } = recent;
  return {
    hashes: recent.hashes.with(next, hash),
    statedAt: recent.statedAt.with(next, statedAt),
    next: (next + 1) % size,
    forgottenThrough: Math.max(recent.forgottenThrough, recent.statedAt[next] ?? NEVER),
  };
}

/** 53 bits of the id: two multiplicative hashes of 32 bits side by side. With 32 of them, a false repeat has odds of about 32 in 2^53. */
export function hashOfId(id: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
