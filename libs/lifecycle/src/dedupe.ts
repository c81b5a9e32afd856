import type { Activity } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import { NO_INSTANT, NO_BYTES, type ByteSlice } from '@perennial/codec';
import type { RecentIds } from './state';

/** Hash and time, as doubles. */
export const ID_BYTES = 16;

export const noRecentIds = (): RecentIds => ({ kept: NO_BYTES, added: [], forgottenThrough: NO_INSTANT });

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
  { id, source, at, corrected }: Pick<Activity, 'id' | 'source' | 'at' | 'corrected'>,
  statedAt: Instant,
): Repetition {
  const later = statedAt > newestStatedAt;
  if (id === null || (later && at !== null && corrected !== true)) return 'new';
  if (holdsId(recent, hashOfIdentity(id, source))) return 'duplicate';
  return later || statedAt > recent.forgottenThrough ? 'new' : 'unverifiable';
}

/** With one more id; when there are `size` of them, the oldest by arrival makes room. Changes `recent.added` in place. */
export function remember(
  recent: RecentIds,
  { id, source }: Pick<Activity, 'id' | 'source'>,
  statedAt: Instant,
  size: number,
): RecentIds {
  if (id === null) return recent;
  const added = withOneMore(recent.added as number[], hashOfIdentity(id, source), statedAt);
  const { kept, forgottenThrough } = recent;
  if (countOf(kept) + added.length / 2 <= size) return { kept, added, forgottenThrough };
  return withoutOldest({ kept, added, forgottenThrough });
}

/** A literal for the first: an empty array that grows takes room for many. */
function withOneMore(added: number[], hash: number, statedAt: Instant): number[] {
  if (added.length === 0) return [hash, statedAt];
  added.push(hash, statedAt);
  return added;
}

function withoutOldest({ kept, added, forgottenThrough }: RecentIds & { added: number[] }): RecentIds {
  if (countOf(kept) === 0) {
    const [, forgotten = NO_INSTANT] = added.splice(0, 2);
    return { kept, added, forgottenThrough: Math.max(forgottenThrough, forgotten) };
  }
  const { bytes, view, start, end } = kept;
  const forgotten = view.getFloat64(start + ID_BYTES / 2, true);
  const left = { bytes, view, start: start + ID_BYTES, end };
  return { kept: left, added, forgottenThrough: Math.max(forgottenThrough, forgotten) };
}

const countOf = ({ start, end }: ByteSlice): number => (end - start) / ID_BYTES;

function holdsId({ kept: { view, start, end }, added }: RecentIds, hash: number): boolean {
  for (let at = start; at < end; at += ID_BYTES) if (view.getFloat64(at, true) === hash) return true;
  for (let at = 0; at < added.length; at += 2) if (added[at] === hash) return true;
  return false;
}

/** Of a CloudEvent source and id, with a NUL between, which no id can hold; else of the id alone. */
function hashOfIdentity(id: string, source: string | undefined): number {
  return hashOf(source === undefined ? id : `${source}\0${id}`);
}

/**
 * 53 bits of a text: two multiplicative hashes of 32 bits side by side. With 32 of them, a false repeat has odds of about 32 in 2^53.
 * Source: cyrb53 by bryc (https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js). It has no key: whoever chooses ids
 * can make two that are taken for one.
 */
function hashOf(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
