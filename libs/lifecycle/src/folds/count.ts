import type { Millis } from '@perennial/values';
import { type Folding, slot } from './fold';
import { NO_INSTANT } from '@perennial/codec';

/** Counts every activity. Slots: n. */
export const plainCount: Folding = {
  init: [0],
  add(slots, start) {
    slots[start] = slot(slots, start) + 1;
  },
  concat: (older, newer) => [slot(older, 0) + slot(newer, 0)],
  read: (slots, start) => slot(slots, start),
};

/**
 * Counts occasions: an activity less than `occasionMs` after the previous one belongs to the same occasion, at exactly
 * `occasionMs` a new one starts. Slots: n, first, last.
 */
export function occasionCount(occasionMs: Millis): Folding {
  return {
    init: [0, NO_INSTANT, NO_INSTANT],
    add(slots, start, { at, late }) {
      if (late) return;
      const last = slot(slots, start + 2);
      if (last === NO_INSTANT) slots[start + 1] = at;
      if (at - last >= occasionMs) slots[start] = slot(slots, start) + 1;
      slots[start + 2] = at;
    },
    concat(older, newer) {
      if (slot(older, 2) === NO_INSTANT) return [...newer];
      if (slot(newer, 2) === NO_INSTANT) return [...older];
      const shared = slot(newer, 1) - slot(older, 2) < occasionMs ? 1 : 0;
      return [slot(older, 0) + slot(newer, 0) - shared, slot(older, 1), slot(newer, 2)];
    },
    read: (slots, start) => slot(slots, start),
  };
}
