import type { Activity, Instant } from '@perennial/contracts';
import { NEVER } from './fold/folding';
import type { RecentIds } from './state';

export const noRecentIds = (): RecentIds => ({ ring: [], next: 0, forgottenThrough: NEVER });

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
  if (holdsId(recent, hashOfId(id))) return 'duplicate';
  return later || statedAt > recent.forgottenThrough ? 'new' : 'unverifiable';
}

/** The ring with one more id; with `size` of them the oldest by arrival makes room. `owned`: the ring may be changed in place. */
export function remember(
  recent: RecentIds,
  id: string | null,
  statedAt: Instant,
  { size, owned = false }: { readonly size: number; readonly owned?: boolean },
): RecentIds {
  if (id === null) return recent;
  const { ring, next, forgottenThrough } = recent;
  const hash = hashOfId(id);
  const grown = owned ? (ring as number[]) : ring.slice();
  if (ring.length < 2 * size) {
    grown.push(hash, statedAt);
    return { ring: grown, next, forgottenThrough };
  }
  const forgotten = ring[2 * next + 1] ?? NEVER;
  grown[2 * next] = hash;
  grown[2 * next + 1] = statedAt;
  return { ring: grown, next: (next + 1) % size, forgottenThrough: Math.max(forgottenThrough, forgotten) };
}

function holdsId({ ring }: RecentIds, hash: number): boolean {
  for (let at = 0; at < ring.length; at += 2) if (ring[at] === hash) return true;
  return false;
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
