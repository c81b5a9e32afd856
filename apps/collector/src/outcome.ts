/** Why a request was not accepted. Closed: metrics, status codes and docs/collector.md rely on the spelling. */
export const REFUSALS = [
  'unknown-key',
  'origin-not-allowed',
  'unknown-endpoint',
  'invalid',
  'incomplete',
  'too-large',
  'large-headers',
  'unsupported',
  'busy',
  'unavailable',
  'failed',
] as const;
export type RefusalReason = (typeof REFUSALS)[number];

/** A field that is wrong, by its path in the body (`batch.3.event`), and why. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

export interface Refusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** What, and the remedy; for the sender. Never shows a write key. */
  readonly message: string;
  /** Of `invalid`: what is wrong where. */
  readonly problems: readonly Problem[];
}

/** `ids`: of the activities, in the order of the request. */
export interface Acceptance {
  readonly kind: 'accepted';
  readonly ids: readonly string[];
}

/** What became of a request: all of it was taken, or nothing. */
export type Outcome = Acceptance | Refusal;

export function refuse(reason: RefusalReason, message: string, problems: readonly Problem[] = []): Refusal {
  return { kind: 'refused', reason, message, problems };
}
