/** The reaction that an error of PostgreSQL, of a pooler or of the driver demands; database-error.ts puts it into words. */
import { QueryRunnerAlreadyReleasedError, TypeORMError } from 'typeorm';

/**
 * SQLSTATE codes by the reaction that they demand. Exact codes, not classes: class 08 holds a lost connection (08006) and a
 * startup parameter that a pooler refuses (08P01); class 57 a restart (57P01) and a database that was dropped (57P04).
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export type SqlReaction =
  /** Only `advance-progress` divides, and only by zero rows. */
  | 'fenced'
  /** The server or the connection is gone for the moment. */
  | 'outage'
  /** A standby: a failover that is not over, or the wrong server. */
  | 'read-only'
  /** Another transaction was in the way. */
  | 'collision'
  /** The server is out of a resource that comes back. */
  | 'exhausted'
  /** Only another configuration mends it. */
  | 'misconfigured'
  /** A pooler gave the session's server to another client. */
  | 'pooled'
  /** The statement is wrong, or the data are: for good. */
  | 'refused';

const REACTIONS: Readonly<Record<Exclude<SqlReaction, 'refused'>, readonly string[]>> = {
  fenced: ['22012'],
  // Connection lost (08…); cancelled, also by statement_timeout (57014); server ends, has crashed, starts or recovers (57P01–57P03, 57P05);
  // time-outs of idle and of long transactions (25P03, 25P04); i/o (58000, 58030).
  outage: [
    ...['08000', '08001', '08003', '08006', '08007'],
    ...['57014', '57P01', '57P02', '57P03', '57P05'],
    ...['25P03', '25P04', '58000', '58030'],
  ],
  'read-only': ['25006'],
  // Serialization failure, deadlock, completion unknown, lock not available.
  collision: ['40001', '40P01', '40003', '55P03'],
  // Disk full, out of memory, too many connections.
  exhausted: ['53000', '53100', '53200', '53300'],
  // Rejected (08004); role or password (28…); a limit of the server's configuration (53400); database missing or dropped
  // (3D000, 57P04); schema, privilege, table, column, function or object missing (3F000, 42…).
  misconfigured: [
    ...['08004', '28000', '28P01', '53400', '3D000', '57P04'],
    ...['3F000', '42501', '42P01', '42703', '42883', '42704'],
  ],
  // A prepared statement that is not there, or is there already.
  pooled: ['26000', '42P05'],
};

const REACTION_OF: ReadonlyMap<string, SqlReaction> = new Map(
  Object.entries(REACTIONS).flatMap(([reaction, codes]) =>
    codes.map((code) => [code, reaction as SqlReaction] as const),
  ),
);

/** 08P01: PostgreSQL says it of a malformed message, poolers of nearly everything. */
const PROTOCOL_VIOLATION = '08P01';
/** What PgBouncer says when the server behind it, or it itself, is away for the moment. Source: its `disconnect_client` calls. */
const POOLER_AWAY =
  /time-?out|try again|paused|suspend|shut(ting)? ?down|starting up|exiting|conn crashed|DNS lookup failed|server (conn(ection)?s? )?(closed|dropped|lost)|(cannot|failed to|unable to) (connect|launch)|connect(ion)? failed|out of memory|no memory/i;
/** What it says when it takes no more clients. */
const POOLER_FULL = /no more connections|too many|max_(client|db|user)\w*_conn/i;

/** The reaction that the server's answer demands; `fatal`: it ended the connection with it. */
export function reactionTo(code: string, message: string, fatal: boolean): SqlReaction {
  if (code !== PROTOCOL_VIOLATION) return REACTION_OF.get(code) ?? 'refused';
  if (!fatal) return 'refused';
  if (POOLER_AWAY.test(message)) return 'outage';
  return POOLER_FULL.test(message) ? 'exhausted' : 'misconfigured';
}

/** Why there was no answer of the server at all: sockets, names, TLS and log-in in the driver. */
export type ConnectionFailure =
  /** Nobody answers, or not in time: it may pass. */
  | 'outage'
  /** Only another configuration mends it. */
  | 'misconfigured'
  /** Not the network: the driver, or our use of it, is broken. */
  | 'defect';

/** A certificate that is not trusted, TLS that is not spoken, a log-in that the driver cannot do, a socket file that is not ours. */
const MISCONFIGURED_CODE =
  /^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|ERR_INVALID_URL$|EACCES$|EPERM$|EPROTO$)|SELF_SIGNED|UNABLE_TO_/;
const MISCONFIGURED_MESSAGE =
  /^SASL: (Only mechanism|Mechanism|SCRAM-SERVER-FIRST-MESSAGE: client password|SCRAM-SERVER-FINAL-MESSAGE: server (signature does not match|returned error))|^Password must be a string|does not support SSL|^sslnegotiation=/;
/** How the driver, or our use of it, fails in a way that no server can mend. */
const DEFECT_MESSAGE =
  /^(Prepared statements must be unique|Query values must be|A query must have|circular reference)/;
const PROGRAMMING = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'];

/** Errors of the driver have no classes; by name, not `instanceof`, which fails for errors of Node itself inside Jest. */
export function connectionFailure(error: unknown): ConnectionFailure {
  // TypeORM's own, not what it passes on from the driver: it releases its runner when the connection is lost.
  if (error instanceof TypeORMError && !('driverError' in error))
    return error instanceof QueryRunnerAlreadyReleasedError ? 'outage' : 'defect';
  const { code, message, name } = (error ?? {}) as Partial<Record<'code' | 'message' | 'name', unknown>>;
  if (typeof code === 'string' && MISCONFIGURED_CODE.test(code)) return 'misconfigured';
  if (typeof message === 'string' && MISCONFIGURED_MESSAGE.test(message)) return 'misconfigured';
  if (typeof message === 'string' && DEFECT_MESSAGE.test(message)) return 'defect';
  return typeof name === 'string' && PROGRAMMING.includes(name) ? 'defect' : 'outage';
}
