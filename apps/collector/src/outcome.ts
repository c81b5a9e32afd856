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
/** One of {@link REFUSALS}. */
export type RefusalReason = (typeof REFUSALS)[number];

/** A field that is wrong, by its path in the body (`batch.3.event`), and why. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** A request of which nothing was taken. */
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

/** A refusal; only an `invalid` one has problems. */
export function refuse(reason: RefusalReason, message: string, problems: readonly Problem[] = []): Refusal {
  return { kind: 'refused', reason, message, problems };
}

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

const MOST_PROBLEMS = 10;

/** What a schema has against a body, with the paths that its sender sees; `at` leads to the part that was checked. */
export function invalid({ issues }: Issues, at: readonly PropertyKey[] = []): Refusal {
  const problems: Problem[] = issues.slice(0, MOST_PROBLEMS).map(({ path, message }) => ({
    field: [...at, ...path].join('.'),
    message,
  }));
  const more = issues.length > MOST_PROBLEMS ? `, the first ${MOST_PROBLEMS} of which are listed` : '';
  const count = issues.length === 1 ? 'a problem' : `${issues.length} problems`;
  return refuse('invalid', `The body has ${count}${more}; nothing of it was taken.`, problems);
}

/** `field`: its path in the body; empty for the body itself. */
export function invalidField(field: string, message: string): Refusal {
  return refuse('invalid', 'The body has a problem; nothing of it was taken.', [{ field, message }]);
}
