/** What OPTIONS is answered with: a browser's preflight, the handshake of webhooks, and neither. */
import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { answerOptions, type Origins } from './origins';

const shop = 'https://shop.example.org';
const listed: Origins = { pages: new Set([shop]), webhooks: new Set(['eventgrid.azure.net']) };
const any: Origins = { pages: 'any', webhooks: 'any' };
const nobody: Origins = { pages: new Set(), webhooks: new Set() };

const preflight = { origin: shop, 'access-control-request-method': 'POST' };
const asking = (headers: string) => ({ ...preflight, 'access-control-request-headers': headers });

function headersOf(headers: IncomingHttpHeaders, origins = listed, takesWebhooks = false) {
  const answer = answerOptions(headers, takesWebhooks, origins);
  return answer.kind === 'permission' ? { status: answer.status, ...answer.headers } : answer.reason;
}

describe('a preflight', () => {
  it('of a listed origin is told what it may send, and for how long that holds', () => {
    expect(headersOf(asking('content-type,authorization'))).toEqual({
      status: 204,
      allow: 'OPTIONS, POST',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, authorization',
      'access-control-max-age': '7200',
    });
    expect(headersOf(preflight)).not.toHaveProperty('access-control-allow-headers');
  });

  it.each(['http://shop.example.org', 'https://shop.example.org:444', 'https://shop.example.org.evil.org', 'null', ''])(
    'of %j, which is not listed, is refused with the remedy',
    (origin) => {
      expect(answerOptions({ ...preflight, origin }, false, listed)).toMatchObject({
        reason: 'origin-not-allowed',
        message: expect.stringContaining('COLLECTOR_CORS_ORIGINS') as string,
      });
    },
  );

  it('is refused to all where no origin is listed, and allowed to all where any is', () => {
    expect(headersOf(preflight, nobody)).toBe('origin-not-allowed');
    expect(headersOf({ ...preflight, origin: 'https://another.example' }, any)).toMatchObject({ status: 204 });
  });

  it('for another method is told the one there is', () => {
    const put = headersOf({ ...preflight, 'access-control-request-method': 'PUT' });
    expect(put).toMatchObject({ 'access-control-allow-methods': 'POST' });
  });

  it('has the names it asks for repeated where they are names, and no more than 100 of them', () => {
    const asked = 'ce-id, x\r\nset-cookie: a=b, traceparent, "quoted", a b, é, ,X-Retry-Count';
    expect(headersOf(asking(asked))).toMatchObject({
      'access-control-allow-headers': 'ce-id, traceparent, X-Retry-Count',
    });
    const many = headersOf(asking(Array.from({ length: 5_000 }, (_, n) => `x-${n}`).join()));
    expect(many).toMatchObject({ 'access-control-allow-headers': expect.stringMatching(/x-99$/) as string });
  });

  it('whatever it asks for, has nothing repeated that could end a header', () => {
    const property = fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const answer = answerOptions(asking(text), false, listed);
      const { 'access-control-allow-headers': names = '' } = answer.kind === 'permission' ? answer.headers : {};
      expect(names).toMatch(/^[\x21-\x7e ]*$/);
    });
    fc.assert(property);
  });
});

it.each<[string, IncomingHttpHeaders]>([
  ['nothing', {}],
  ['an origin alone', { origin: 'https://another.example' }],
  ['a method alone', { 'access-control-request-method': 'POST' }],
  ['a handshake where no CloudEvents go', { 'webhook-request-origin': 'eventgrid.azure.net' }],
])('OPTIONS with %s is told the methods, which permits nothing', (_, headers) => {
  expect(headersOf(headers, any)).toEqual({ status: 204, allow: 'OPTIONS, POST' });
});

describe('the handshake of webhooks', () => {
  const asked = { 'webhook-request-origin': 'eventgrid.azure.net' };
  const handshake = (headers: IncomingHttpHeaders, origins = listed) => headersOf(headers, origins, true);

  it('of a listed sender is answered with its name and the rate that it asks for', () => {
    expect(handshake({ ...asked, 'webhook-request-rate': '120' })).toEqual({
      status: 200,
      allow: 'OPTIONS, POST',
      'webhook-allowed-origin': 'eventgrid.azure.net',
      'webhook-allowed-rate': '120',
    });
    expect(handshake({ 'webhook-request-origin': 'EventGrid.azure.net' })).toMatchObject({
      'webhook-allowed-origin': 'EventGrid.azure.net',
    });
  });

  it.each([undefined, '0', '-1', '1e3', 'fast', '1'.repeat(400)])('with the rate %j has no limit', (rate) => {
    expect(handshake({ ...asked, 'webhook-request-rate': rate })).toMatchObject({ 'webhook-allowed-rate': '*' });
  });

  it('is refused to whoever is not listed, and to all where nobody is', () => {
    expect(handshake({ 'webhook-request-origin': 'evil.example' })).toBe('origin-not-allowed');
    expect(handshake(asked, nobody)).toBe('origin-not-allowed');
    expect(answerOptions(asked, true, nobody)).toMatchObject({
      message: expect.stringContaining('COLLECTOR_WEBHOOK_ORIGINS') as string,
    });
  });

  it('names nobody where all may send, so that nothing of what they say is repeated', () => {
    expect(handshake({ 'webhook-request-origin': 'whoever, else' }, any)).toMatchObject({
      'webhook-allowed-origin': '*',
    });
  });

  it('goes before a preflight in the same request, which no browser makes', () => {
    expect(handshake({ ...preflight, ...asked })).toMatchObject({ status: 200 });
    expect(handshake({ ...preflight, 'webhook-request-origin': 'evil.example' })).toBe('origin-not-allowed');
  });
});
