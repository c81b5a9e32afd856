import type { CrashPoint, CrashPoints } from '@perennial/processor';
import type { Chance } from './chance';
import type { VirtualProcess } from './virtual-process';

export interface CrashOdds {
  kill: number;
  freeze: number;
  /** Held for a moment: another order of things. */
  hold: number;
}

const LONGEST_HOLD_MS = 20;

/** The named points of the engine, as chances to be killed, frozen or held. */
export function crashPlan(
  process: VirtualProcess,
  chance: Chance,
  odds: CrashOdds,
  happens: { readonly kill: (point: CrashPoint) => void; readonly freeze: (point: CrashPoint) => void },
): CrashPoints {
  const never = new Promise<void>(() => undefined);
  const passLater = (point: CrashPoint, ms: number): Promise<void> =>
    new Promise((resolve) => {
      process.deliver(ms, `passes ${point}`, resolve);
    });
  return {
    reach: (point) => {
      if (process.isDead) return never;
      if (chance.happens(odds.kill)) {
        happens.kill(point);
        return never;
      }
      if (chance.happens(odds.freeze)) {
        happens.freeze(point);
        return passLater(point, 0);
      }
      return chance.happens(odds.hold) ? passLater(point, chance.between(0, LONGEST_HOLD_MS)) : undefined;
    },
  };
}
