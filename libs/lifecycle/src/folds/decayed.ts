import type { Instant, Millis } from '@perennial/values';
import { type Folding, slot } from './fold';
import { NO_INSTANT } from '@perennial/codec';

/** Decayed values are rounded to this many parts of one before they are compared (product.md §4.9). */
const PARTS = 1e9;

/** A rate that halves every `halfLifeMs` and rises by 1 with each activity (value.md §1.14). Slots: value, the instant it refers to. */
export function decayed(halfLifeMs: Millis): Folding {
  const kept = (ms: Millis): number => 2 ** (-ms / halfLifeMs);
  return {
    init: [0, NO_INSTANT],
    add(slots, start, { at }) {
      const reference = slot(slots, start + 1);
      if (at >= reference) {
        slots[start] = (reference === NO_INSTANT ? 0 : slot(slots, start) * kept(at - reference)) + 1;
        slots[start + 1] = at;
      } else slots[start] = slot(slots, start) + kept(reference - at);
    },
    concat(older, newer) {
      if (slot(older, 1) === NO_INSTANT) return [...newer];
      if (slot(newer, 1) === NO_INSTANT) return [...older];
      return [slot(older, 0) * kept(slot(newer, 1) - slot(older, 1)) + slot(newer, 0), slot(newer, 1)];
    },
    read: (slots, start, at) => decayedAt(slots, start, at, halfLifeMs),
  };
}

/** The rounded value of a decayed field at an instant. */
export function decayedAt(slots: readonly number[], start: number, at: Instant, halfLifeMs: Millis): number {
  const reference = slot(slots, start + 1);
  if (reference === NO_INSTANT) return 0;
  const value = slot(slots, start) * 2 ** (-Math.max(0, at - reference) / halfLifeMs);
  return Math.round(value * PARTS) / PARTS;
}

/**
 * The first millisecond after `after` at which the value of a decayed field has sunk far enough, if no activity comes:
 * below `threshold`, or with `orEqual` at it; null when that never is. Solved in closed form, then settled to the
 * millisecond against the rounded value.
 */
export function sinksAt(
  slots: readonly number[],
  start: number,
  halfLifeMs: Millis,
  { threshold, orEqual }: { readonly threshold: number; readonly orEqual: boolean },
  after: Instant,
): Instant | null {
  const reference = slot(slots, start + 1);
  if (reference === NO_INSTANT || threshold < 0 || (threshold === 0 && !orEqual)) return null;
  const hasSunk = (at: Instant): boolean => {
    const value = decayedAt(slots, start, at, halfLifeMs);
    return orEqual ? value <= threshold : value < threshold;
  };
  if (hasSunk(after + 1)) return after + 1;
  const solved = reference + halfLifeMs * Math.log2(slot(slots, start) / Math.max(threshold, 1 / PARTS));
  return bisect(hasSunk, after + 1, Math.max(after + 2, Math.ceil(solved)), halfLifeMs);
}

/** Smallest integer above `low` where `holds`, given that it holds from some point on. */
function bisect(holds: (at: Instant) => boolean, low: Instant, guess: Instant, reach: Millis): Instant {
  let high = guess;
  while (!holds(high)) high += Math.max(1, Math.ceil(reach / 1000));
  let floor = low;
  while (high - floor > 1) {
    const middle = Math.floor((floor + high) / 2);
    if (holds(middle)) high = middle;
    else floor = middle;
  }
  return high;
}
