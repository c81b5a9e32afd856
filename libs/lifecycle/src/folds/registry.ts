import type { Field } from '@perennial/definition';
import { occasionCount, plainCount } from './count';
import { decayed } from './decayed';
import type { Folding } from './fold';
import { logGaps } from './gaps';
import { signedSum } from './sum';

/** How a field of the definition is folded. */
export function foldingOf(field: Field): Folding {
  switch (field.kind) {
    case 'count':
      return field.occasionMs === null ? plainCount : occasionCount(field.occasionMs);
    case 'sum':
      return signedSum;
    case 'gaps':
      return logGaps(field.occasionMs);
    case 'decayed':
      return decayed(field.halfLifeMs);
  }
}
