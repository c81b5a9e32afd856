import type { Json } from '@perennial/values';
import { poison } from '../dead-letter/poison';
import { decodeRecord, type Decoded } from './decode';
import { headersOf, type LogRecord, storedHeaders } from '../record';

const utf8 = new TextEncoder();
const AT = Date.parse('2010-12-01T08:26:00.000Z');

function record(
  value: Json,
  key: string | null = 'acme:c1',
  headers: Readonly<Record<string, string>> = {},
): LogRecord {
  return {
    offset: 7,
    timestamp: 1_300_000_000_000,
    key: key === null ? null : utf8.encode(key),
    value: utf8.encode(JSON.stringify(value)),
    headers: storedHeaders(headersOf(headers)),
  };
}
const order = {
  type: 'track',
  messageId: 'm1',
  userId: 'c1',
  event: 'Order Completed',
  timestamp: '2010-12-01T08:26:00Z',
  properties: { total: 15.3, currency: 'GBP' },
};

function activityOf(decoded: Decoded) {
  if (decoded.kind !== 'activity') throw new Error(`no activity: ${JSON.stringify(decoded)}`);
  return decoded.activity;
}
function causeOf(decoded: Decoded) {
  return decoded.kind === 'poison' ? decoded.cause : decoded.kind;
}

describe('bare Segment JSON', () => {
  it('gives an activity under the one spelling of its key', () => {
    expect(decodeRecord(record(order))).toEqual({
      kind: 'activity',
      tenant: 'acme',
      key: 'acme:c1',
      activity: {
        id: 'm1',
        customer: 'c1',
        type: 'track',
        event: 'Order Completed',
        at: AT,
        properties: { total: 15.3, currency: 'GBP' },
      },
    });
  });

  it('takes a key without a colon for a customer of the default tenant', () => {
    expect(decodeRecord(record(order, 'c1'))).toMatchObject({ tenant: 'default', key: 'default:c1' });
  });

  it('ends the tenant at the first colon, so customers may have colons', () => {
    const decoded = decodeRecord(record({ ...order, userId: 'urn:c:1' }, 'acme:urn:c:1'));
    expect(decoded).toMatchObject({ tenant: 'acme', activity: { customer: 'urn:c:1' } });
  });

  it.each([
    [{ userId: 'c1', anonymousId: 'a1' }, 'acme:c1', 'c1'],
    [{ userId: null, anonymousId: 'a1' }, 'acme:a1', 'a1'],
    [{ userId: '', anonymousId: 'a1' }, 'acme:a1', 'a1'],
    [{ userId: 12346 }, 'acme:12346', '12346'],
    [{ userId: 0, anonymousId: 'a1' }, 'acme:0', '0'],
  ])('reads the customer of %j', (ids, key, customer) => {
    expect(activityOf(decodeRecord(record({ type: 'page', ...ids }, key))).customer).toBe(customer);
  });

  it.each([
    [{ timestamp: '2010-12-01T08:26:00Z', originalTimestamp: 'x', sentAt: 5 }, AT],
    [{ timestamp: null, originalTimestamp: '2010-12-01T08:26:00Z', sentAt: '1999-01-01T00:00:00Z' }, AT],
    [{ sentAt: '2010-12-01T08:26Z' }, AT],
    [{}, null],
  ])('reads the first time that is stated: %j', (times, at) => {
    expect(activityOf(decodeRecord(record({ type: 'page', userId: 'c1', ...times }))).at).toBe(at);
  });

  it.each([
    [{ timestamp: '2010-12-01T08:26:00Z', originalTimestamp: '2010-12-01T09:26:00Z' }, true],
    [{ timestamp: '2010-12-01T08:26:00Z', originalTimestamp: '2010-12-01T08:26:00Z' }, undefined],
    [{ timestamp: '2010-12-01T08:26:00Z', originalTimestamp: null }, undefined],
    [{ timestamp: null, originalTimestamp: '2010-12-01T08:26:00Z' }, undefined],
    [{}, undefined],
  ])('knows a corrected time by the original beside it: %j', (times, corrected) => {
    expect(activityOf(decodeRecord(record({ type: 'page', userId: 'c1', ...times }))).corrected).toBe(corrected);
  });

  it.each([undefined, null, ''])('has no id when messageId is %j', (messageId) => {
    const message =
      messageId === undefined ? { type: 'page', userId: 'c1' } : { type: 'page', userId: 'c1', messageId };
    expect(activityOf(decodeRecord(record(message))).id).toBeNull();
  });

  it.each([
    [{ type: 'track', event: 'E' }, {}],
    [{ type: 'track', event: 'E', properties: null }, {}],
    [
      { type: 'page', name: 'Home', category: 'Shop', properties: { url: '/' } },
      { name: 'Home', category: 'Shop', url: '/' },
    ],
    [{ type: 'screen', name: 'Home', properties: { name: 'Start' } }, { name: 'Start' }],
    [{ type: 'screen', name: 5 }, {}],
    [{ type: 'identify', traits: { plan: 'pro' } }, { plan: 'pro' }],
    [{ type: 'identify', context: { traits: { plan: 'pro' } } }, { plan: 'pro' }],
    [{ type: 'identify', traits: {}, context: { traits: { plan: 'pro' } } }, {}],
    [{ type: 'identify' }, {}],
    [
      { type: 'group', groupId: 'g1', traits: { seats: 5 } },
      { seats: 5, groupId: 'g1' },
    ],
    [
      { type: 'group', groupId: 9, context: { traits: { seats: 5 } } },
      { seats: 5, groupId: '9' },
    ],
    [{ type: 'alias', previousId: 'a1' }, { previousId: 'a1' }],
  ])('reads the properties of %j', (message, properties) => {
    const activity = activityOf(decodeRecord(record({ ...message, userId: 'c1' })));
    expect(activity).toMatchObject({ type: message.type, event: 'event' in message ? 'E' : null });
    expect(activity.properties).toEqual(properties);
  });

  it('keeps a property named __proto__ as data', () => {
    const value = utf8.encode('{"type":"page","userId":"c1","name":"n","properties":{"__proto__":{"total":1}}}');
    const { properties } = activityOf(decodeRecord({ ...record(null), value }));
    expect(Object.hasOwn(properties, '__proto__')).toBe(true);
    expect(properties.total).toBeUndefined();
  });
});

describe('CloudEvents', () => {
  const headers = { ce_specversion: '1.0', ce_id: 'e1', ce_type: 'perennial.activity.v1', ce_source: '/shop' };

  it('in binary mode fill in what a Segment message lacks', () => {
    const message = { type: 'track', event: 'Order Completed' };
    const filled = { ...headers, ce_subject: 'c1', ce_time: '2010-12-01T08:26:00Z' };
    expect(activityOf(decodeRecord(record(message, 'acme:c1', filled)))).toMatchObject({
      id: 'e1',
      customer: 'c1',
      at: AT,
    });
  });

  it('in binary mode do not overrule a Segment message', () => {
    const filled = { ...headers, ce_subject: 'other', ce_time: 'not a time' };
    expect(activityOf(decodeRecord(record(order, 'acme:c1', filled)))).toMatchObject({
      id: 'm1',
      customer: 'c1',
      at: AT,
    });
  });

  it('have header names in any case', () => {
    const message = { type: 'page', userId: 'c1' };
    const decoded = decodeRecord(record(message, 'acme:c1', { CE_Type: 'perennial.activity.v1', Ce_Id: 'e1' }));
    expect(activityOf(decoded).id).toBe('e1');
  });

  it('of another system become a track named by their type', () => {
    const foreign = { ce_type: 'com.shop.order.paid', ce_id: 'e1', ce_subject: 'c1', ce_time: '2010-12-01T08:26:00Z' };
    expect(activityOf(decodeRecord(record({ total: 5 }, 'acme:c1', foreign)))).toEqual({
      id: 'e1',
      customer: 'c1',
      type: 'track',
      event: 'com.shop.order.paid',
      at: AT,
      properties: { total: 5 },
    });
  });

  it('have their source beside their id, in each mode; a messageId stands alone', () => {
    const structured = { 'content-type': 'application/cloudevents+json' };
    const event = { specversion: '1.0', id: 'e1', source: '/shop', subject: 'c1', type: 'com.shop.paid' };
    const identity = (value: Json, given: Readonly<Record<string, string>>) => {
      const { id, source } = activityOf(decodeRecord(record(value, 'acme:c1', given)));
      return [id, source];
    };
    const page = { type: 'page', userId: 'c1' };
    const binary = { ...headers, ce_subject: 'c1' };
    expect(identity(page, binary)).toEqual(['e1', '/shop']);
    expect(identity({ ...page, messageId: '' }, binary)).toEqual(['e1', '/shop']);
    expect(identity({ ...page, messageId: 'm1' }, binary)).toEqual(['m1', undefined]);
    expect(identity({}, { ...binary, ce_type: 'x' })).toEqual(['e1', '/shop']);
    expect(identity(event, structured)).toEqual(['e1', '/shop']);
    expect(identity({ ...event, type: 'perennial.activity.v1', data: page }, structured)).toEqual(['e1', '/shop']);
  });

  it.each([
    [[1, 2], { value: [1, 2] }],
    ['paid', { value: 'paid' }],
    [null, {}],
  ])('of another system with data %j have properties %j', (data, properties) => {
    const foreign = { ce_type: 'com.shop.order.paid', ce_subject: 'c1' };
    expect(activityOf(decodeRecord(record(data, 'acme:c1', foreign))).properties).toEqual(properties);
  });

  it('in structured mode say the same from the envelope', () => {
    const structured = { 'Content-Type': 'application/cloudevents+json; charset=UTF-8' };
    const envelope = { specversion: '1.0', id: 'e1', source: '/shop', subject: 'c1', time: '2010-12-01T08:26:00Z' };
    const own = { ...envelope, type: 'perennial.activity.v1', data: { type: 'page' } };
    expect(activityOf(decodeRecord(record(own, 'acme:c1', structured)))).toMatchObject({
      id: 'e1',
      type: 'page',
      at: AT,
    });
    const foreign = { ...envelope, type: 'com.shop.order.paid', data: { total: 5 } };
    expect(activityOf(decodeRecord(record(foreign, 'acme:c1', structured)))).toMatchObject({
      id: 'e1',
      event: 'com.shop.order.paid',
      at: AT,
      properties: { total: 5 },
    });
    const clock = {
      ...envelope,
      type: 'perennial.clock.v1',
      data: { scope: { kind: 'live' }, at: '2010-12-01T08:26:00Z' },
    };
    expect(decodeRecord(record(clock, null, structured))).toMatchObject({ kind: 'clock', clock: { at: AT } });
  });

  it.each([
    ['specversion', '0.3'],
    ['specversion', 1],
    ['id', ''],
    ['id', 5],
    ['source', ''],
    ['type', ''],
    ['data_base64', 'aGk='],
  ])('in structured mode with %s %j are refused', (field, value) => {
    const envelope = { specversion: '1.0', id: 'e1', source: '/shop', type: 'x', subject: 'c1', [field]: value };
    const decoded = decodeRecord(record(envelope, 'acme:c1', { 'content-type': 'application/cloudevents+json' }));
    expect(causeOf(decoded)).toBe('invalid-shape');
  });
});

describe('clock records and commands', () => {
  const at = '2010-12-01T08:26:00.000Z';

  it('need no key and carry their number and signature unchecked', () => {
    const signed = { ce_type: 'perennial.clock.v1', 'perennial-signature': 'ab12', 'perennial-number': 'x' };
    expect(decodeRecord(record({ scope: { kind: 'tenant', tenant: 'acme' }, at }, null, signed))).toEqual({
      kind: 'clock',
      clock: { scope: { kind: 'tenant', tenant: 'acme' }, at: AT },
      seal: { number: 'x', signature: 'ab12' },
    });
  });

  it('have neither when unsigned', () => {
    const headers = { ce_type: 'perennial.command.set-time-source.v1' };
    const value = { tenant: 'acme', source: { kind: 'offset', base: at, from: at, speed: 60 } };
    expect(decodeRecord(record(value, null, headers))).toEqual({
      kind: 'command',
      command: {
        type: 'perennial.command.set-time-source.v1',
        tenant: 'acme',
        source: { kind: 'offset', base: AT, from: AT, speed: 60 },
      },
      seal: { number: null, signature: null },
    });
  });

  it.each([
    ['perennial.clock.v1', { scope: { kind: 'live' }, at: 'soon' }, 'invalid-shape'],
    ['perennial.clock.v1', { scope: { kind: 'live' }, at: '0000-01-01T00:00:00Z' }, 'invalid-shape'],
    ['perennial.clock.v1', { scope: { kind: 'tenant', tenant: 'a:b' }, at }, 'invalid-shape'],
    ['perennial.clock.v1', { scope: { kind: 'live' }, at, more: 1 }, 'invalid-shape'],
    ['perennial.clock.v1', null, 'invalid-shape'],
    ['perennial.command.reticulate.v1', {}, 'unknown-command'],
    ['perennial.command.toString', {}, 'unknown-command'],
    ['perennial.command.start-bootstrap.v1', { tenant: 'acme' }, 'invalid-command'],
    ['perennial.command.start-bootstrap.v1', { tenant: '', customers: null }, 'invalid-command'],
    ['perennial.command.start-bootstrap.v1', { tenant: 'acme', customers: ['a\0'] }, 'invalid-command'],
    ['perennial.command.publish-definition.v1', { tenant: 'acme', source: '' }, 'invalid-command'],
    ['perennial.activity.v2', order, 'unknown-type'],
    ['perennial.other', order, 'unknown-type'],
  ])('%s with %j is refused as %s', (type, value, cause) => {
    expect(causeOf(decodeRecord(record(value, 'acme:c1', { ce_type: type })))).toBe(cause);
  });
});

describe('what cannot be processed', () => {
  const deep = (levels: number): Json => (levels === 0 ? 1 : { deeper: deep(levels - 1) });
  const page = { type: 'page', userId: 'c1' };

  it.each([
    ['a null value', { ...record(order), value: null }, 'null-value'],
    ['a null value without a key', { ...record(order, null), value: null }, 'null-value'],
    ['a null key', record(order, null), 'null-key'],
    ['an empty key', record(order, ''), 'invalid-key'],
    ['a key without a customer', record(order, 'acme:'), 'invalid-key'],
    ['a key without a tenant', record(order, ':c1'), 'invalid-key'],
    ['a tenant that is too long', record(order, `${'t'.repeat(65)}:c1`), 'invalid-key'],
    ['a customer that is too long', record(order, `acme:${'c'.repeat(257)}`), 'invalid-key'],
    ['a key with NUL', record({ ...page, userId: 'c\0' }, 'acme:c\0'), 'invalid-key'],
    ['a key that is not UTF-8', { ...record(order), key: Uint8Array.of(0x61, 0xff) }, 'invalid-key'],
    ['a value that is not UTF-8', { ...record(order), value: Uint8Array.of(0x22, 0xc3, 0x28, 0x22) }, 'invalid-utf8'],
    ['text that is not JSON', { ...record(order), value: utf8.encode('{"type":') }, 'invalid-json'],
    ['an empty value', { ...record(order), value: new Uint8Array() }, 'invalid-json'],
    ['an array', record([order]), 'invalid-shape'],
    ['a string', record('order'), 'invalid-shape'],
    ['JSON null', record(null), 'invalid-shape'],
    ['no type', record({ userId: 'c1' }), 'unknown-type'],
    ['another type', record({ ...page, type: 'order' }), 'unknown-type'],
    ['a batch', record({ type: 'batch', batch: [order] }), 'unknown-type'],
    ['a type that is no text', record({ ...page, type: ['page'] }), 'unknown-type'],
    ['no customer', record({ type: 'page' }), 'no-customer'],
    ['empty customers', record({ type: 'page', userId: '', anonymousId: null }), 'no-customer'],
    ['another customer than the key', record({ ...page, userId: 'c2' }), 'key-mismatch'],
    ['a customer that is an object', record({ ...page, userId: { id: 1 } }), 'invalid-shape'],
    ['a customer number with a fraction', record({ ...page, userId: 1.5 }, 'acme:1.5'), 'invalid-shape'],
    ['a customer number beyond 2^53', record({ ...page, userId: 2 ** 53 }, 'acme:9007199254740992'), 'invalid-shape'],
    ['half of a surrogate pair', record({ ...page, messageId: '\ud800' }), 'invalid-shape'],
    ['a messageId that is too long', record({ ...page, messageId: 'm'.repeat(257) }), 'invalid-shape'],
    ['a track without an event', record({ ...page, type: 'track' }), 'invalid-shape'],
    ['an empty event name', record({ ...order, event: '' }), 'invalid-shape'],
    ['an event name that is too long', record({ ...order, event: 'e'.repeat(257) }), 'invalid-shape'],
    ['an event name with NUL', record({ ...order, event: 'e\0' }), 'invalid-shape'],
    ['properties that are an array', record({ ...order, properties: [] }), 'invalid-shape'],
    ['properties that are text', record({ ...order, properties: 'x' }), 'invalid-shape'],
    ['properties nested too deeply', record({ ...order, properties: deep(33) }), 'invalid-shape'],
    ['properties nested just deeply enough', record({ ...order, properties: deep(32) }), 'activity'],
    ['traits that are text', record({ ...page, type: 'identify', traits: 'x' }), 'invalid-shape'],
    ['a context that is text', record({ ...page, type: 'identify', context: 'x' }), 'invalid-shape'],
    ['a group without a groupId', record({ ...page, type: 'group' }), 'invalid-shape'],
    ['an alias without a previousId', record({ ...page, type: 'alias', previousId: '' }), 'invalid-shape'],
    ['a timestamp without a zone', record({ ...page, timestamp: '2010-12-01T08:26:00' }), 'unreadable-timestamp'],
    ['a timestamp that is a number', record({ ...page, timestamp: 1291191960 }), 'unreadable-timestamp'],
    ['an empty timestamp', record({ ...page, timestamp: '' }), 'unreadable-timestamp'],
    ['a bad timestamp to fall back on', record({ ...page, sentAt: 'now' }), 'unreadable-timestamp'],
    ['a foreign event without a subject', record({}, 'acme:c1', { ce_type: 'x' }), 'no-customer'],
    [
      'a foreign event with a bad time',
      record({}, 'acme:c1', { ce_type: 'x', ce_subject: 'c1', ce_time: 'x' }),
      'unreadable-timestamp',
    ],
    ['a foreign event without a name', record({}, 'acme:c1', { ce_type: '', ce_subject: 'c1' }), 'invalid-shape'],
    [
      'a foreign event nested too deeply',
      record(deep(33), 'acme:c1', { ce_type: 'x', ce_subject: 'c1' }),
      'invalid-shape',
    ],
    [
      'foreign data nested too deeply',
      record([deep(32)], 'acme:c1', { ce_type: 'x', ce_subject: 'c1' }),
      'invalid-shape',
    ],
  ])('%s', (_, input, cause) => {
    expect(causeOf(decodeRecord(input))).toBe(cause);
  });

  it('is too large by the bytes of its key and headers, whatever characters they are made of', () => {
    const wide = record(page, 'acme:c1', { a: '山'.repeat(10_700), b: '山'.repeat(300) });
    expect(causeOf(decodeRecord(wide))).toBe('too-large');
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`h${n}`, '']));
    expect(causeOf(decodeRecord(record(page, 'acme:c1', many)))).toBe('too-large');
    expect(causeOf(decodeRecord(record(page, 'acme:c1', { a: 'x'.repeat(32_700) })))).toBe('activity');
  });

  it('is not too large for the headers that forwarding adds', () => {
    const forwarded = { 'perennial-forwarded-from': '0:1', 'perennial-forwarded-id': 'x'.repeat(200) };
    expect(causeOf(decodeRecord(record(page, 'acme:c1', { a: 'x'.repeat(32_700), ...forwarded })))).toBe('activity');
    const abused = { ...forwarded, 'perennial-forwarded-id': 'x'.repeat(40_000) };
    expect(causeOf(decodeRecord(record(page, 'acme:c1', abused)))).toBe('too-large');
  });

  it('survives nesting that would overflow the stack', () => {
    const value = utf8.encode(
      `{"type":"page","userId":"c1","properties":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
    );
    expect(causeOf(decodeRecord({ ...record(order), value }))).toBe('invalid-shape');
    const array = utf8.encode(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(causeOf(decodeRecord({ ...record(order), value: array }))).toBe('invalid-shape');
  });

  it('is told in a bounded sentence that ends with a remedy', () => {
    const decoded = decodeRecord(record({ ...page, userId: 'x'.repeat(200) }, `acme:${'y'.repeat(200)}`));
    expect(decoded).toMatchObject({ kind: 'poison', detail: expect.stringMatching(/^.{1,300}$/) as string });
    expect(decoded).toMatchObject({ detail: expect.stringContaining('send tenant:customer as the key') as string });
    expect(poison('invalid-shape', 'x'.repeat(1_000)).detail).toHaveLength(300);
  });
});
