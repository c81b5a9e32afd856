/** Bounds of the HTTP server, before anything is known of who sends. */

export interface HttpLimits {
  /** Until the headers are there, in ms. */
  readonly headersTimeoutMs: number;
  /** Until the whole request is there, in ms. */
  readonly requestTimeoutMs: number;
  /** How often the two are looked at, in ms: a request is given up so much later at most. */
  readonly checkEveryMs: number;
  /** Most connections at the same time; more are closed at once. */
  readonly connections: number;
}

/** A request that has not come as a whole 30 s after it began is given up; its headers have 10 s. */
export const HTTP_TIMEOUTS = { headersTimeoutMs: 9_000, requestTimeoutMs: 29_000, checkEveryMs: 1_000 } as const;

/** Most bytes of a body that is read before its write key is known, on the wire and unpacked: a batch as Segment allows it, 500 KB. */
export const MAX_KEYLESS_BODY_BYTES = 512 * 1024;
/** Bytes of all such bodies at the same time. */
export const KEYLESS_BYTES = 4 * 1024 * 1024;
