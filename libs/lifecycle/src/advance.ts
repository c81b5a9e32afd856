/** advance: the customer's own deadlines up to an instant fire, in order, each at its own time (product.md §4.5). */
import type { Instant } from '@perennial/values';
import { nextDue } from './deadline';
import { MOST_EVALUATIONS, type Run } from './run';
import { flip } from './signal';
import { step } from './step';

const nothing: readonly number[] = [];

export function advance(run: Run, through: Instant): void {
  for (;;) {
    const due = nextDue(run.plan, run.draft);
    if (due > through) return;
    if (run.evaluations >= MOST_EVALUATIONS) {
      run.draft.parked = true;
      return;
    }
    run.evaluations += 1;
    fire(run, due);
  }
}

/** One instant: whatever falls due at it flips together, then is offered once. */
function fire(run: Run, at: Instant): void {
  const { draft } = run;
  const settles = draft.settleAt !== null && draft.settleAt <= at;
  const settleOnly = settles && !draft.regions.some(({ timers }) => timers.some((timer) => timer.due === at));
  draft.horizon = at;
  if (settles) draft.settleAt = null;
  step(run, flip(run, at, { kind: 'deadline', settleOnly }, nothing));
}
