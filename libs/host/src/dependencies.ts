import { HEALTHY, type Health } from '@perennial/observability';
import type { LinkStatus } from '@perennial/stream';

/**
 * Which dependencies of a service are unavailable. `start`, `away` and `all` are checks of `/health/ready`: a service with
 * several dependencies has `start` and `away`, one with a single dependency has `all`.
 */
export class Dependencies {
  private readonly reasons = new Map<string, string>();
  private starting = true;

  /** `needed`: what the start waits for, in words: `broker and database`. */
  constructor(private readonly needed: string) {}

  /** Whether the start has ended. */
  readonly start = (): Health =>
    this.starting ? { ok: false, reason: `starting: waits for ${this.needed}` } : HEALTHY;

  /** Names the dependency that has been unavailable longest, and why. */
  readonly away = (): Health => {
    const [first] = this.reasons;
    return first === undefined ? HEALTHY : { ok: false, reason: `${first[0]}: ${first[1]}` };
  };

  /** Both in one, without the name. */
  readonly all = (): Health => {
    const [reason] = this.reasons.values();
    if (this.starting || reason === undefined) return this.start();
    return { ok: false, reason };
  };

  /** Names of those that are unavailable. */
  get unavailable(): readonly string[] {
    return [...this.reasons.keys()];
  }

  lost(name: string, reason: string): void {
    this.reasons.set(name, reason);
  }

  found(name: string): void {
    this.reasons.delete(name);
  }

  /** What an adapter says about a connection; {@link StreamObserver.link}. */
  readonly link = ({ link, state, reason }: LinkStatus): void => {
    if (state === 'waiting') this.lost(link, reason ?? 'not connected');
    else this.found(link);
  };

  /** The start has ended. */
  started(): void {
    this.starting = false;
  }
}
