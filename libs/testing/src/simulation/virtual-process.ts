/**
 * One run of an engine's process, as the rest of the world sees it: it answers, stands still, or is gone.
 *
 * Invariants
 * 1. What happens in the process happens inside `enter`: answers, timers and what the log hands over alike.
 * 2. Nothing enters a dead process, ever. What reaches a frozen one waits, and enters one by one after the thaw.
 * 3. What the log hands over enters in the order in which it was handed over.
 */
import type { Timekeeper } from '@perennial/processor';
import type { Chance } from './chance';
import type { Scheduler } from './scheduler';

export type EntranceKind = 'answer' | 'log';
interface Waiting {
  readonly kind: EntranceKind;
  readonly run: () => void;
}

/** Virtual time 0 on the wall. */
export const EPOCH = Date.UTC(2026, 0, 1);

export class VirtualProcess {
  condition: 'running' | 'frozen' | 'dead' = 'running';
  readonly time: Timekeeper;
  private waiting: Waiting[] = [];

  constructor(
    readonly name: string,
    private readonly scheduler: Scheduler,
    private readonly chance: Chance,
    /** How far its wall clock is off; may change. */
    public skew: number,
  ) {
    const bootedAt = chance.between(0, 1_000_000);
    this.time = {
      now: () => EPOCH + scheduler.now + this.skew,
      monotonic: () => bootedAt + scheduler.now,
      after: (ms, call) => this.deliver(ms, 'wakes up', call),
    };
  }

  get isDead(): boolean {
    return this.condition === 'dead';
  }

  /** Something reaches the process after a while. */
  deliver(ms: number, label: string, run: () => void): () => void {
    return this.scheduler.after(ms, `${this.name} ${label}`, () => {
      this.enter('answer', run);
    });
  }

  enter(kind: EntranceKind, run: () => void): void {
    if (this.condition === 'running') run();
    if (this.condition === 'frozen') this.waiting.push({ kind, run });
  }

  kill(): void {
    this.scheduler.trace.note(this.scheduler.now, `${this.name} is killed`);
    this.condition = 'dead';
    this.waiting = [];
  }

  freeze(): void {
    if (this.condition !== 'running') return;
    this.scheduler.trace.note(this.scheduler.now, `${this.name} is frozen`);
    this.condition = 'frozen';
  }

  /** Stays frozen, for newcomers, until everything that waited has entered: so nothing overtakes (invariant 3). */
  thaw(): void {
    if (this.condition !== 'frozen') return;
    const next = this.takeOne();
    if (next === undefined) {
      this.condition = 'running';
      return;
    }
    this.scheduler.trace.note(this.scheduler.now, `${this.name} takes up ${next.kind}`);
    this.condition = 'running';
    next.run();
    // What it does at once it does running; the next thing that waited gets in at a later step.
    this.scheduler.after(this.chance.between(0, 1), `${this.name} thaws`, () => {
      this.thaw();
    });
    this.refreeze();
  }

  private refreeze(): void {
    if (this.condition === 'running') this.condition = 'frozen';
  }

  /** Any answer, or the first thing of the log. */
  private takeOne(): Waiting | undefined {
    const firstOfLog = this.waiting.findIndex(({ kind }) => kind === 'log');
    const choices = this.waiting.flatMap(({ kind }, index) =>
      kind === 'answer' || index === firstOfLog ? [index] : [],
    );
    const chosen = choices[this.chance.between(0, choices.length - 1)];
    return chosen === undefined ? undefined : this.waiting.splice(chosen, 1)[0];
  }
}
