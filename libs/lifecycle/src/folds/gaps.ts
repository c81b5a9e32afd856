import type { Millis } from '@perennial/values';
import { type Folding, slot } from './fold';
import { NO_INSTANT } from '@perennial/codec';

const DAY = 86_400_000;

/**
 * Mean and spread of ln(gap in days) between activities (of different occasions), by Welford's method; halves join by
 * Chan's (both: value.md §1.14). Slots: gaps, mean, m2, first, last.
 */
export function logGaps(occasionMs: Millis | null): Folding {
  const shortest = occasionMs ?? 1;
  return {
    init: [0, 0, 0, NO_INSTANT, NO_INSTANT],
    add(slots, start, { at, late }) {
      if (late) return;
      const last = slot(slots, start + 4);
      if (last === NO_INSTANT) slots[start + 3] = at;
      else if (at - last >= shortest) addGap(slots, start, at - last);
      slots[start + 4] = at;
    },
    concat(older, newer) {
      if (slot(older, 4) === NO_INSTANT) return [...newer];
      if (slot(newer, 4) === NO_INSTANT) return [...older];
      const joined = join(older, newer);
      const between = slot(newer, 3) - slot(older, 4);
      if (between >= shortest) addGap(joined, 0, between);
      return joined;
    },
    read(slots, start) {
      const count = slot(slots, start);
      const meanLog = slot(slots, start + 1);
      const spreadLog = count > 1 ? Math.sqrt(slot(slots, start + 2) / (count - 1)) : 0;
      return { count, meanLog, spreadLog, typicalDays: count > 0 ? Math.exp(meanLog) : 0 };
    },
  };
}

function addGap(slots: number[], start: number, gap: Millis): void {
  const x = Math.log(gap / DAY);
  const n = slot(slots, start) + 1;
  const delta = x - slot(slots, start + 1);
  const mean = slot(slots, start + 1) + delta / n;
  slots[start] = n;
  slots[start + 1] = mean;
  slots[start + 2] = slot(slots, start + 2) + delta * (x - mean);
}

function join(older: readonly number[], newer: readonly number[]): number[] {
  const a = slot(older, 0);
  const b = slot(newer, 0);
  const n = a + b;
  if (n === 0) return [0, 0, 0, slot(older, 3), slot(newer, 4)];
  const delta = slot(newer, 1) - slot(older, 1);
  const mean = slot(older, 1) + (delta * b) / n;
  const m2 = slot(older, 2) + slot(newer, 2) + (delta * delta * a * b) / n;
  return [n, mean, m2, slot(older, 3), slot(newer, 4)];
}
