import { DatabaseError } from 'pg';
import { translate } from './database-error';

const sqlError = (code: string): DatabaseError =>
  Object.assign(new DatabaseError('said the server', 15, 'error'), { code, severity: 'ERROR' });

describe('An error of the database', () => {
  it.each([
    ['40001', 'RetryableError', 'STORE.COLLISION'],
    ['40P01', 'RetryableError', 'STORE.COLLISION'],
    ['57P01', 'RetryableError', 'STORE.UNREACHABLE'],
    ['57P03', 'RetryableError', 'STORE.UNREACHABLE'],
    ['57014', 'RetryableError', 'STORE.UNREACHABLE'],
    ['25P03', 'RetryableError', 'STORE.UNREACHABLE'],
    ['25006', 'RetryableError', 'STORE.READ_ONLY'],
    ['57P04', 'InvalidInput', 'STORE.MISCONFIGURED'],
    ['53400', 'InvalidInput', 'STORE.MISCONFIGURED'],
    ['08004', 'InvalidInput', 'STORE.MISCONFIGURED'],
    ['26000', 'InvalidInput', 'STORE.MISCONFIGURED'],
    ['42P05', 'InvalidInput', 'STORE.MISCONFIGURED'],
    ['08P01', 'InvariantViolation', 'STORE.REFUSED'],
    ['58P01', 'InvariantViolation', 'STORE.REFUSED'],
    ['40002', 'InvariantViolation', 'STORE.REFUSED'],
    ['08006', 'RetryableError', 'STORE.UNREACHABLE'],
    ['58030', 'RetryableError', 'STORE.UNREACHABLE'],
    ['53100', 'RetryableError', 'STORE.EXHAUSTED'],
    ['53300', 'RetryableError', 'STORE.EXHAUSTED'],
    ['22012', 'ConcurrencyConflict', 'STORE.FENCED'],
    ['28P01', 'InvalidInput', 'STORE.MISCONFIGURED'],
    ['3D000', 'InvalidInput', 'STORE.MISCONFIGURED'],
    ['42P01', 'InvalidInput', 'STORE.MISCONFIGURED'],
    ['23505', 'InvariantViolation', 'STORE.REFUSED'],
    ['22P02', 'InvariantViolation', 'STORE.REFUSED'],
  ])('%s becomes %s %s', (code, name, stable) => {
    expect(translate(sqlError(code), 'db:5432/perennial')).toMatchObject({ name, code: stable });
  });

  it('is read through what TypeORM wraps around it', () => {
    const wrapped = Object.assign(new Error('query failed'), { driverError: sqlError('40001') });
    expect(translate(wrapped, 'db:5432/perennial')).toMatchObject({ code: 'STORE.COLLISION', cause: wrapped });
  });

  it('keeps what was said, and says where', () => {
    expect(translate(sqlError('23505'), 'db:5432/perennial').message).toBe(
      'PostgreSQL at db:5432/perennial refused a statement: said the server (23505).',
    );
  });

  it('may pass when no server answered', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(translate(refused, 'db:5432/perennial')).toMatchObject({
      name: 'RetryableError',
      code: 'STORE.UNREACHABLE',
      message: expect.stringContaining('did not answer: ECONNREFUSED.') as string,
    });
    expect(translate(new Error('Query read timeout'), 'here').message).toContain('did not answer: Query read timeout.');
  });

  it.each<[Error, string]>([
    [
      Object.assign(new Error('self-signed certificate'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'STORE.MISCONFIGURED',
    ],
    [Object.assign(new Error('altname'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'STORE.MISCONFIGURED'],
    [Object.assign(new Error('connect EACCES /run/s'), { code: 'EACCES' }), 'STORE.MISCONFIGURED'],
    [new Error('The server does not support SSL connections'), 'STORE.MISCONFIGURED'],
    // A server that cannot fork refuses so; whether it speaks TLS it has not said.
    [new Error('There was an error establishing an SSL connection'), 'STORE.UNREACHABLE'],
    [new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), 'STORE.MISCONFIGURED'],
    [new Error("Prepared statements must be unique - 'a' was used for a different statement"), 'STORE.DRIVER_FAILED'],
    [new TypeError("Cannot read properties of undefined (reading 'rows')"), 'STORE.DRIVER_FAILED'],
    [Object.assign(new Error('getaddrinfo ENOTFOUND db'), { code: 'ENOTFOUND' }), 'STORE.UNREACHABLE'],
    [new Error('Connection terminated unexpectedly'), 'STORE.UNREACHABLE'],
  ])('without an answer of the server, is told apart: %s', (error, code) => {
    expect(translate(error, 'here')).toMatchObject({ code });
  });
});
