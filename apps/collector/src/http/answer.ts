import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Outcome, Refusal, RefusalReason } from '../outcome';
import type { Endpoint } from '../request';
import type { Permission } from './origins';

const STATUS: Readonly<Record<RefusalReason, number>> = {
  invalid: 400,
  'unknown-key': 401,
  'origin-not-allowed': 403,
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

/** The one shape of every refusal. */
function answerOf({ reason, message, problems }: Refusal, isFromPage: boolean): Answer {
  const retryAfter = RETRY_AFTER[reason];
  return json(
    STATUS[reason],
    { success: false, reason, message, problems },
    {
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(reason === 'unknown-key' ? { 'www-authenticate': challenge(isFromPage) } : {}),
    },
  );
}

/** Asked for `Basic`, a browser would open a log-in window at the visitor of a page that has a wrong key. */
function challenge(isFromPage: boolean): string {
  return `${isFromPage ? 'Bearer' : 'Basic'} realm="perennial"`;
}

function json(status: number, said: unknown, more: Readonly<Record<string, string>> = {}): Answer {
  const body = Buffer.from(JSON.stringify(said));
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length), ...more };
  return { status, headers, body };
}

/** `success`: the status where the outcome is that all was taken. */
export function answer(response: ServerResponse, outcome: Outcome, success: Endpoint['success'] = 200): void {
  const { status, headers, body } =
    outcome.kind === 'accepted'
      ? json(success, { success: true, ids: outcome.ids })
      : answerOf(outcome, response.req.headers.origin !== undefined);
  response.writeHead(status, headers);
  response.end(body);
}

/** The answer to `OPTIONS`. */
export function answerPermission(response: ServerResponse, { status, headers }: Permission): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': '0' });
  response.end();
}

/** The bytes of an answer on a connection that is closed after it. `own`: headers that the answer had already. */
export function lastAnswer(refusal: Refusal, own: OutgoingHttpHeaders = {}): Buffer {
  const { status, headers, body } = answerOf(refusal, false);
  const all = { ...own, ...headers, connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
