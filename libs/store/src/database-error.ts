import { ConcurrencyConflict, InvalidInput, InvariantViolation, RetryableError } from '@perennial/contracts';
import { DatabaseError } from 'pg';

/** What PostgreSQL or the way to it said, as the reaction it demands. `where` names the database, without secrets. */
export function translate(error: unknown, where: string): Error {
  const code = sqlState(error);
  const said = code === null ? describeError(error) : `${describeError(error)} (${code})`;
  const cause = error;
  if (code === null) return unreachable(said, where, cause);
  if (code === DIVISION_BY_ZERO) return new ConcurrencyConflict('STORE.FENCED', FENCED, { cause });
  if (isOneOf(UNREACHABLE, code)) return unreachable(said, where, cause);
  if (isOneOf(COLLISION, code))
    return new RetryableError('STORE.COLLISION', `PostgreSQL at ${where}: ${said}; running it again.`, { cause });
  if (isOneOf(EXHAUSTED, code)) return new RetryableError('STORE.EXHAUSTED', exhausted(said, where), { cause });
  if (isOneOf(MISCONFIGURED, code))
    return new InvalidInput('STORE.MISCONFIGURED', misconfigured(said, where), { cause });
  return new InvariantViolation('STORE.REFUSED', `PostgreSQL at ${where} refused a statement: ${said}.`, { cause });
}

/** Only `advance-progress` divides, and only by zero rows. */
const DIVISION_BY_ZERO = '22012';
const FENCED = 'Epoch or offset of the partition is not the expected one: nothing was written.';

/** Prefixes of SQLSTATE codes: connection lost, server stopping or starting, time-outs, i/o errors, a read-only standby after a failover. */
const UNREACHABLE = ['08', '57P', '57014', '25P03', '25P04', '25006', '58'];
/** Serialization failure, deadlock, lock not available. */
const COLLISION = ['40', '55P03'];
/** Disk full, out of memory, too many connections. */
const EXHAUSTED = ['53'];
/** Password, role, database, privilege, table or column missing. */
const MISCONFIGURED = ['28', '3D000', '42501', '42P01', '42703'];

const isOneOf = (prefixes: readonly string[], code: string): boolean =>
  prefixes.some((prefix) => code.startsWith(prefix));

/** The SQLSTATE when the server answered; null for sockets, names and time-outs of the driver. TypeORM wraps what it got. */
function sqlState(error: unknown): string | null {
  if (error instanceof DatabaseError) return error.code ?? null;
  if (error instanceof Error && 'driverError' in error) return sqlState(error.driverError);
  return null;
}

const unreachable = (said: string, where: string, cause: unknown): RetryableError =>
  new RetryableError(
    'STORE.UNREACHABLE',
    `PostgreSQL at ${where} did not answer: ${said}. Check that it runs and that DATABASE_URL (DATABASE_URLS) is right.`,
    { cause },
  );

const exhausted = (said: string, where: string): string =>
  `PostgreSQL at ${where} is out of a resource: ${said}. Free disk space, or raise max_connections or memory.`;

const misconfigured = (said: string, where: string): string =>
  `PostgreSQL at ${where} cannot be used as configured: ${said}. Check user, password, database and grants in DATABASE_URL (DATABASE_URLS), and that the migrations ran.`;

/** Without `instanceof`, which fails for errors of Node itself inside Jest. Refused on all addresses of a name, an error has a code and no message. */
function describeError(error: unknown): string {
  const { message, code, name } = error as Partial<Record<'message' | 'code' | 'name', unknown>>;
  return [message, code, name].find((text): text is string => typeof text === 'string' && text !== '') ?? String(error);
}
