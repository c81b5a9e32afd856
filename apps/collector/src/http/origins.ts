/**
 * What pages of other origins, and senders of webhooks, may do beside what a write key allows.
 *
 * 1. Whether an activity is taken is decided by its write key alone: the origin decides who may read the answer.
 * 2. Nothing but `/v1` can be read by a page: `/metrics` and `/health` ask for no key.
 * 3. `OPTIONS` asks for a browser's page (CORS preflight, https://fetch.spec.whatwg.org/#http-cors-protocol), or for a system
 *    that is about to send webhooks. Nothing is read but headers, and no request goes out of here: a
 *    `WebHook-Request-Callback` is never called.
 */
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AllowedOrigins } from '@perennial/config';
import { refuse, type Refusal } from '../outcome';

/** Who may send, beside having a write key. */
export interface Origins {
  /** Pages in a browser. */
  readonly pages: AllowedOrigins;
  /** Senders of webhooks, by the name that they give themselves. */
  readonly webhooks: AllowedOrigins;
}

/** The answer to `OPTIONS` that lets a browser, or a sender of webhooks, go on. */
export interface Permission {
  readonly kind: 'permission';
  readonly status: 200 | 204;
  readonly headers: Readonly<Record<string, string>>;
}

/** Seconds for which a browser may remember; Chromium keeps it no longer (https://fetch.spec.whatwg.org/#http-access-control-max-age). */
const MAX_AGE = '7200';
/** Most header names that are repeated to a browser. */
const MAX_NAMES = 100;
/** A header name (RFC 9110, 5.1): nothing that could end a header or begin another. */
const TOKEN = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/i;
/** Requests a minute (http-webhook.md, 4.1.4). */
const RATE = /^[1-9]\d{0,8}$/;

const ALLOW = { allow: 'OPTIONS, POST' };

/** `takesWebhooks`: whether the endpoint is that for CloudEvents. */
export function answerOptions(
  headers: IncomingHttpHeaders,
  takesWebhooks: boolean,
  { pages, webhooks }: Origins,
): Permission | Refusal {
  const sender = takesWebhooks ? textOf(headers['webhook-request-origin']) : null;
  if (sender !== null) return permitWebhooks(sender, textOf(headers['webhook-request-rate']), webhooks);
  const { origin } = headers;
  if (origin === undefined || headers['access-control-request-method'] === undefined) return permission(204, ALLOW);
  return allows(pages, origin) ? permitPage(headers['access-control-request-headers']) : unlistedPage;
}

/** `letPagesRead` names the origin; the method stands here whatever was asked, and the browser compares. */
function permitPage(asked: string | undefined): Permission {
  const names = asked === undefined ? [] : headerNames(asked);
  return permission(204, {
    ...ALLOW,
    'access-control-allow-methods': 'POST',
    ...(names.length === 0 ? {} : { 'access-control-allow-headers': names.join(', ') }),
    'access-control-max-age': MAX_AGE,
  });
}

function headerNames(list: string): readonly string[] {
  const names = list.split(',', MAX_NAMES).map((name) => name.trim());
  return names.filter((name) => TOKEN.test(name));
}

/** The handshake of https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md, section 4. */
function permitWebhooks(sender: string, rate: string | null, allowed: AllowedOrigins): Permission | Refusal {
  if (!allows(allowed, sender.toLowerCase())) return unlistedSender;
  return permission(200, {
    ...ALLOW,
    'webhook-allowed-origin': allowed === 'any' ? '*' : sender,
    'webhook-allowed-rate': rate !== null && RATE.test(rate) ? rate : '*',
  });
}

function permission(status: Permission['status'], headers: Permission['headers']): Permission {
  return { kind: 'permission', status, headers };
}

function textOf(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' ? header.trim() : null;
}

const unlistedPage = refuse(
  'origin-not-allowed',
  'Pages of this origin may not send: list it in COLLECTOR_CORS_ORIGINS of the collector, exactly as its Origin header says it.',
);
const unlistedSender = refuse(
  'origin-not-allowed',
  'This system may not send webhooks: list its name in COLLECTOR_WEBHOOK_ORIGINS of the collector, as WebHook-Request-Origin says it.',
);

/** What a page's script sees of the headers beside the content type. */
const READABLE = 'Retry-After';

function allows(allowed: AllowedOrigins, origin: string): boolean {
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
