/**
 * Requests between a process and a server: late, lost, or with the answer lost.
 *
 * Invariants
 * 1. What was sent arrives whatever becomes of the sender.
 * 2. A request whose answer is lost took effect before the sender hears of it, or does so within `lateMs` afterwards.
 */
import { RetryableError } from '@perennial/values';
import type { Chance } from './chance';
import type { Scheduler } from './scheduler';
import type { VirtualProcess } from './virtual-process';

/**
 * `lost`: fails, no effect. `unanswered`: takes effect, and fails. `late`: fails first, and takes effect after that.
 */
export type Fate = 'answered' | 'lost' | 'unanswered' | 'late';
const TROUBLES = ['lost', 'unanswered', 'late'] as const;

export interface Link {
  /** Longest time one way, in ms. */
  slowness: number;
  /** Share of requests that fail. */
  trouble: number;
  /** While above 0: all fail. */
  away: number;
  /** While above 0: far slower. */
  slow: number;
}

/** One way, in ms, while a link is slow. */
const SLOW_MS = 150;

export interface Request<T> {
  readonly label: string;
  readonly link: Link;
  /** Longest time from sending until it takes effect. */
  readonly lateMs: number;
  readonly effect: (fate: Fate) => T | Promise<T>;
}

export class Network {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly chance: Chance,
  ) {}

  request<T>(from: VirtualProcess, { label, link, lateMs, effect }: Request<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (from.isDead) return;
      const fate = this.fate(link);
      const oneWay = (): number => this.chance.between(0, link.slow > 0 ? SLOW_MS : link.slowness);
      const there = Math.min(oneWay(), lateMs);
      const back = oneWay();
      const fail = (): void => {
        reject(new RetryableError('SIMULATION.UNREACHABLE', `${label} of ${from.name}: ${fate}`));
      };
      if (fate === 'lost' || fate === 'late') from.deliver(there, `${label} ${fate}`, fail);
      if (fate === 'lost') return;
      const arrival = fate === 'late' ? this.chance.between(there, lateMs) : there;
      this.scheduler.after(arrival, `${label} of ${from.name} arrives`, () => {
        const answer = (what: string, settle: () => void): void => {
          // Who was told that it failed hears nothing more.
          if (fate !== 'late') from.deliver(back, `${label} ${what}`, fate === 'unanswered' ? fail : settle);
        };
        (async () => effect(fate))().then(
          (result) => {
            answer(fate, () => {
              resolve(result);
            });
          },
          (error: unknown) => {
            answer('refused', () => {
              reject(error instanceof Error ? error : new Error(String(error)));
            });
          },
        );
      });
    });
  }

  private fate({ trouble, away }: Link): Fate {
    return this.chance.happens(away > 0 ? 1 : trouble) ? this.chance.pick(TROUBLES) : 'answered';
  }
}
