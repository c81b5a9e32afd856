/** Errors are named by the reaction they demand; `code` is stable, `message` says what, where, and the remedy. */
abstract class CodedError extends Error {
  constructor(
    /** E.g. `STORE.UNREACHABLE`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Try again: the cause may pass by itself (connection lost, broker or database restarting). */
export class RetryableError extends CodedError {}
/** Somebody else changed the thing meanwhile: read again, decide again. */
export class ConcurrencyConflict extends CodedError {}
/** Stop: what must never be false is false; going on would do damage. */
export class InvariantViolation extends CodedError {}
/** The caller's input or configuration is wrong: say so and do nothing. */
export class InvalidInput extends CodedError {}
