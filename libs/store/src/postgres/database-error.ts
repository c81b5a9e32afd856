import { ConcurrencyConflict, InvalidInput, InvariantViolation, RetryableError } from '@perennial/values';
import { DatabaseError } from 'pg';
import { connectionFailure, reactionTo } from './error-reactions';

/** What PostgreSQL or the way to it said, as the reaction it demands. `where` names the database, without secrets. */
export function translate(error: unknown, where: string): Error {
  const answer = serverAnswer(error);
  const said = answer === null ? describeError(error) : `${describeError(error)} (${answer.code})`;
  const reaction =
    answer === null ? connectionFailure(error) : reactionTo(answer.code, answer.message, answer.severity === 'FATAL');
  const options = { cause: error };
  switch (reaction) {
    case 'fenced':
      return new ConcurrencyConflict('STORE.FENCED', FENCED, options);
    case 'outage':
      return new RetryableError('STORE.UNREACHABLE', unreachable(said, where), options);
    case 'read-only':
      return new RetryableError('STORE.READ_ONLY', readOnly(said, where), options);
    case 'collision':
      return new RetryableError('STORE.COLLISION', `PostgreSQL at ${where}: ${said}; running it again.`, options);
    case 'exhausted':
      return new RetryableError('STORE.EXHAUSTED', exhausted(said, where), options);
    case 'misconfigured':
      return new InvalidInput('STORE.MISCONFIGURED', misconfigured(said, where), options);
    case 'pooled':
      return new InvalidInput('STORE.MISCONFIGURED', pooled(said, where), options);
    case 'refused':
      return new InvariantViolation('STORE.REFUSED', `PostgreSQL at ${where} refused a statement: ${said}.`, options);
    case 'defect':
      return new InvariantViolation('STORE.DRIVER_FAILED', defect(said, where), options);
  }
}

const FENCED = 'Epoch or offset of the partition is not the expected one: nothing was written.';

/** What the server answered; null for sockets, names and time-outs of the driver. TypeORM wraps what it got. */
function serverAnswer(error: unknown): { code: string; message: string; severity: string | undefined } | null {
  if (error instanceof DatabaseError) {
    const { code, message, severity } = error;
    return code === undefined ? null : { code, message, severity };
  }
  if (error instanceof Error && 'driverError' in error) return serverAnswer(error.driverError);
  return null;
}

const unreachable = (said: string, where: string): string =>
  `PostgreSQL at ${where} did not answer: ${said}. Check that it runs and that DATABASE_URL (DATABASE_URLS) is right.`;

const readOnly = (said: string, where: string): string =>
  `PostgreSQL at ${where} takes no writes: ${said}. Wait for the failover to end, or let DATABASE_URL (DATABASE_URLS) name the primary.`;

const exhausted = (said: string, where: string): string =>
  `PostgreSQL at ${where} is out of a resource: ${said}. Free disk space, or raise max_connections or memory.`;

/** A pooler's refusal of a parameter, a wrong password and a missing table come here alike. */
function misconfigured(said: string, where: string): string {
  const parameter = /unsupported startup parameter/i.test(said);
  const remedy = parameter
    ? 'Take the parameter out of DATABASE_URL (DATABASE_URLS), or let the pooler pass it (PgBouncer: ignore_startup_parameters)'
    : 'Check user, password, database, TLS and grants in DATABASE_URL (DATABASE_URLS), and that the migrations ran';
  return `PostgreSQL at ${where} cannot be used as configured: ${said}. ${remedy}.`;
}

const pooled = (said: string, where: string): string =>
  `PostgreSQL at ${where} lost the session's prepared statements: ${said}. The pooler between must keep sessions (PgBouncer: pool_mode = session).`;

const defect = (said: string, where: string): string =>
  `The way to PostgreSQL at ${where} failed, and not for the network: ${said}. This is a defect of Perennial; report it.`;

/** Without `instanceof`, which fails for errors of Node itself inside Jest. Refused on all addresses of a name, an error has a code and no message. */
function describeError(error: unknown): string {
  const { message, code, name } = error as Partial<Record<'message' | 'code' | 'name', unknown>>;
  return [message, code, name].find((text): text is string => typeof text === 'string' && text !== '') ?? String(error);
}
