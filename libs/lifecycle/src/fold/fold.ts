/** fold: one activity into the profile, in O(1). */
import type { Role } from '@perennial/definition';
import type { Plan } from '../plan';
import type { Draft } from '../state';
import { type Folded } from './folding';
import { NO_INSTANT } from '@perennial/codec';

export function fold(plan: Plan, draft: Draft, role: Role, activity: Folded): void {
  const rolePlan = plan.byRole.get(role);
  if (rolePlan === undefined) return;
  for (const add of rolePlan.folds) add(draft.slots, activity);
  draft.lastAt[rolePlan.index] = Math.max(draft.lastAt[rolePlan.index] ?? NO_INSTANT, activity.at);
}
