import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Outcome, RefusalReason } from '../outcome';

const STATUS: Readonly<Record<RefusalReason, number>> = {
  invalid: 400,
  'unknown-key': 401,
  'unknown-endpoint': 404,
  incomplete: 408,
  'too-large': 413,
  unsupported: 415,
  busy: 429,
  'large-headers': 431,
  failed: 500,
  unavailable: 503,
};
/** Seconds after which the sender may try again. */
const RETRY_AFTER: Partial<Record<RefusalReason, string>> = { busy: '1', unavailable: '5' };

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The one shape of every answer. */
function answerOf(outcome: Outcome): Answer {
  if (outcome.kind === 'accepted') return json(202, { success: true, ids: outcome.ids });
  const { reason, message, problems } = outcome;
  const retryAfter = RETRY_AFTER[reason];
  return json(
    STATUS[reason],
    { success: false, reason, message, problems },
    {
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(reason === 'unknown-key' ? { 'www-authenticate': 'Basic realm="perennial"' } : {}),
    },
  );
}

function json(status: number, said: unknown, more: Readonly<Record<string, string>> = {}): Answer {
  const body = Buffer.from(JSON.stringify(said));
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length), ...more };
  return { status, headers, body };
}

export function answer(response: ServerResponse, outcome: Outcome): void {
  const { status, headers, body } = answerOf(outcome);
  response.writeHead(status, headers);
  response.end(body);
}

/** The bytes of an answer on a connection where no request could be read, and none will be. */
export function lastAnswer(outcome: Outcome): Buffer {
  const { status, headers, body } = answerOf(outcome);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
