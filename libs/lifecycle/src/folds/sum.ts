import { type Folding, slot } from './fold';

/** Adds amounts with a sign that depends on the role; the plan calls it with the sign already applied. Slots: sum. */
export const signedSum: Folding = {
  init: [0],
  add(slots, start, { amount }) {
    slots[start] = slot(slots, start) + amount;
  },
  concat: (older, newer) => [slot(older, 0) + slot(newer, 0)],
  read: (slots, start) => slot(slots, start),
};
