import type { Millis } from '@perennial/values';

/** After that people are told that nothing moves. */
export const SAID_AFTER_MS = 10_000;
/** Longer than any pause of a healthy engine: taking partitions over after a kill, a restart of the broker. */
export const GIVEN_UP_AFTER_MS = 120_000;

/** `still`: to be told now, once for each time that nothing moves; `stopped`: not to be waited for any longer. */
export type Movement = 'moving' | 'still' | 'stopped';

/** Whether something moves, seen from what it shows again and again. */
export class Standstill {
  private seen: string | null = null;
  private since: Millis = 0;
  private isSaid = false;

  constructor(
    /** Milliseconds from any fixed point. */
    private readonly monotonic: () => Millis,
    private readonly givenUpAfterMs = GIVEN_UP_AFTER_MS,
  ) {}

  look(shown: string): Movement {
    const now = this.monotonic();
    if (shown !== this.seen) {
      this.seen = shown;
      this.since = now;
      this.isSaid = false;
      return 'moving';
    }
    if (now - this.since > this.givenUpAfterMs) return 'stopped';
    if (this.isSaid || now - this.since < Math.min(SAID_AFTER_MS, this.givenUpAfterMs)) return 'moving';
    this.isSaid = true;
    return 'still';
  }
}
