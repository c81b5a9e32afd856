import { InvalidInput, InvariantViolation, RetryableError } from '@perennial/values';
import { errorText } from '../error-text';
import { failureSchema, type Call } from './wire';

/** Who is asked. */
export interface Remote {
  readonly url: string;
  readonly token: string;
}

interface CallOptions {
  /** Without an answer for this long, in ms, the log counts as away. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Asks the process that serves the log. Throws what the log there threw, or `RetryableError` when nobody answers. */
export async function callRemote<Asked, Answered>(
  remote: Remote,
  call: Call<Asked, Answered>,
  asked: Asked,
  { timeoutMs, signal }: CallOptions,
): Promise<Answered> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const { ok, body } = await send(remote, call.path, JSON.stringify(asked), signals(timeout, signal));
  if (ok) return call.answered.parse(body);
  throw errorOf(body);
}

function signals(timeout: AbortSignal, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

async function send(remote: Remote, path: string, body: string, signal: AbortSignal) {
  const headers = { authorization: `Bearer ${remote.token}`, 'content-type': 'application/json' };
  try {
    const response = await fetch(remote.url + path, { method: 'POST', headers, body, signal });
    return { ok: response.ok, body: await response.json() };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new RetryableError(
      'STREAM.LOG_AWAY',
      `no log answers at ${remote.url}: ${errorText(cause)}; does \`perennial up\` still run?`,
      { cause: error },
    );
  }
}

function errorOf(body: unknown): Error {
  const { reaction, code, message } = failureSchema.parse(body);
  switch (reaction) {
    case 'retry':
      return new RetryableError(code, message);
    case 'input':
      return new InvalidInput(code, message);
    case 'stop':
      return new InvariantViolation(code, message);
  }
}
