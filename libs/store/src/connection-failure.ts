import { QueryRunnerAlreadyReleasedError, TypeORMError } from 'typeorm';

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
