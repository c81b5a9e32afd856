import type { ServerResponse } from 'node:http';
import type { Outcome, RefusalReason } from '../outcome';

const STATUS: Readonly<Record<RefusalReason, number>> = {
  invalid: 400,
  'unknown-key': 401,
  'unknown-endpoint': 404,
  'too-large': 413,
  unsupported: 415,
  busy: 429,
  failed: 500,
  unavailable: 503,
};
/** Seconds after which the sender may try again. */
const RETRY_AFTER: Partial<Record<RefusalReason, string>> = { busy: '1', unavailable: '5' };

/** The one shape of every answer. */
export function answer(response: ServerResponse, outcome: Outcome): void {
  if (outcome.kind === 'accepted') {
    send(response, 202, { success: true, ids: outcome.ids });
    return;
  }
  const { reason, message, problems } = outcome;
  const retryAfter = RETRY_AFTER[reason];
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  if (reason === 'unknown-key') response.setHeader('www-authenticate', 'Basic realm="perennial"');
  send(response, STATUS[reason], { success: false, reason, message, problems });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': text.length });
  response.end(text);
}
