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

/** What systems say of files that people name wrongly. Source: https://nodejs.org/api/errors.html#common-system-errors */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'this user may not open it',
  EPERM: 'this user may not open it',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  ENXIO: 'it is a socket, or nobody reads it',
  EROFS: 'its disk is read-only',
  ERR_INVALID_ARG_VALUE: 'its name contains the character U+0000',
};

/** Why a file cannot be opened, in words; the system's code where there are none. */
export function fileTrouble(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';
  return WORDS[code] ?? code;
}

/** What a caught value says, for a message. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
