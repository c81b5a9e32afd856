/** `ok`, or why not in one sentence. */
export type Health = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export const HEALTHY: Health = { ok: true };

/**
 * `live`: this process makes progress; false means that only a restart helps. Never depends on broker or database.
 * `ready`: it can do its work now (connected, partitions assigned).
 */
export type Probe = 'live' | 'ready';

export interface HealthReport {
  readonly status: 'ok' | 'unavailable';
  readonly reasons: readonly { readonly check: string; readonly reason: string }[];
}

/** Named checks of a service. A check looks at what is known; it does no I/O, so that probes stay cheap and true. */
export class HealthRegistry {
  readonly #checks: { probe: Probe; name: string; check: () => Health }[] = [];

  /** Adds a check; the returned function removes it. */
  add(probe: Probe, name: string, check: () => Health): () => void {
    const entry = { probe, name, check };
    this.#checks.push(entry);
    return () => {
      this.#checks.splice(this.#checks.indexOf(entry), 1);
    };
  }

  report(probe: Probe): HealthReport {
    const reasons = this.#checks.flatMap(({ probe: of, name, check }) => {
      const health = of === probe ? check() : HEALTHY;
      return health.ok ? [] : [{ check: name, reason: health.reason }];
    });
    return { status: reasons.length === 0 ? 'ok' : 'unavailable', reasons };
  }
}
