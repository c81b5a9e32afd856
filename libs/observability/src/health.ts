/** `ok`, with what is to be known beside it in one sentence; or why not. */
export type Health = { readonly ok: true; readonly detail?: string } | { readonly ok: false; readonly reason: string };

/** Nothing to say. */
export const HEALTHY: Health = { ok: true };

/**
 * `live`: this process makes progress; false means that only a restart helps. Never depends on broker or database.
 * `ready`: it can do its work now (connected, partitions assigned).
 */
export type Probe = 'live' | 'ready';

/** The body of the answer to a probe. */
export interface HealthReport {
  readonly status: 'ok' | 'unavailable';
  readonly reasons: readonly { readonly check: string; readonly reason: string }[];
  /** What checks that are ok have to say; left out when that is nothing. */
  readonly details?: readonly { readonly check: string; readonly detail: string }[];
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
    const checks = this.#checks.filter((each) => each.probe === probe).map(({ name, check }) => ({ name, ...check() }));
    const reasons = checks.flatMap((check) => (check.ok ? [] : [{ check: check.name, reason: check.reason }]));
    const details = checks.flatMap((check) =>
      check.ok && check.detail !== undefined ? [{ check: check.name, detail: check.detail }] : [],
    );
    const status = reasons.length === 0 ? 'ok' : 'unavailable';
    return { status, reasons, ...(details.length === 0 ? {} : { details }) };
  }
}
