/**
 * Lets pages of other origins read the answers (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * 1. Whether an activity is taken is decided by its write key alone: the origin decides who may read the answer.
 * 2. Nothing but `/v1` can be read by a page: `/metrics` and `/health` ask for no key.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AllowedOrigins } from '@perennial/config';

/** What a page's script sees of the headers beside the content type. */
const READABLE = 'Retry-After';

export function allows(allowed: AllowedOrigins, origin: string): boolean {
  return allowed === 'any' || allowed.has(origin);
}

/** From now on every answer under `/v1` says which pages may read it, refusals included. */
export function letPagesRead(server: Server, pages: AllowedOrigins): void {
  if (pages !== 'any' && pages.size === 0) return;
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/v1') === true) nameReader(request.headers.origin, response, pages);
  });
}

function nameReader(origin: string | undefined, response: ServerResponse, pages: AllowedOrigins): void {
  // A cache must not give the answer for one page to another.
  if (pages !== 'any') response.setHeader('vary', 'Origin');
  if (origin === undefined || !allows(pages, origin)) return;
  response.setHeader('access-control-allow-origin', pages === 'any' ? '*' : origin);
  response.setHeader('access-control-expose-headers', READABLE);
}
