/** What producers to Kafka typically get wrong, and what the dead letter tells them: what it is, where, and the remedy. */
import type { Json } from '@perennial/values';
import type { DeadLetterCause } from '../dead-letter/poison';
import { decodeRecord } from './decode';
import { headersOf, storedHeaders } from '../record';

const utf8 = new TextEncoder();
const order = { type: 'track', userId: 'c1', event: 'Order Completed' };
const event = { specversion: '1.0', id: 'e1', source: '/shop', type: 'com.shop.paid', subject: 'c1' };
const ce = { ce_specversion: '1.0', ce_id: 'e1', ce_source: '/shop', ce_type: 'com.shop.paid', ce_subject: 'c1' };
const structured = { 'content-type': 'application/cloudevents+json' };

interface Sent {
  readonly value: Json | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string;
}

const stored = (texts: Readonly<Record<string, string>>) => storedHeaders(headersOf(texts));
const deep = (levels: number): Json => (levels === 0 ? 'x' : { deeper: deep(levels - 1) });
const ofRegistry = Uint8Array.of(0, 0, 0, 0, 7, 2, 4);

const mistakes: readonly [string, Sent, DeadLetterCause, string][] = [
  [
    'a structured CloudEvent without content-type',
    { value: event },
    'unknown-type',
    'send the header content-type with application/cloudevents+json',
  ],
  [
    "Kafka Connect's envelope",
    { value: { schema: { type: 'struct' }, payload: order } },
    'unknown-type',
    'set value.converter.schemas.enable=false',
  ],
  ['a value of a schema registry', { value: ofRegistry }, 'invalid-json', 'with a serializer that knows no registry'],
  ['Latin-1', { value: Uint8Array.of(0x22, 0xe9, 0x22) }, 'invalid-utf8', 'send JSON text in UTF-8'],
  ['text that is no JSON', { value: utf8.encode('total=5') }, 'invalid-json', 'send one JSON object per record'],
  ['two objects in a record', { value: utf8.encode('{}\n{}') }, 'invalid-json', 'send one JSON object per record'],
  [
    'JSON written twice',
    { value: JSON.stringify(order) },
    'invalid-shape',
    'written twice: send the JSON object itself',
  ],
  ['a list', { value: [order] }, 'invalid-shape', 'send one record for each message'],
  ['a number', { value: 5 }, 'invalid-shape', 'send a Segment message, which is a JSON object'],
  ['a batch', { value: { type: 'batch', batch: [order] } }, 'unknown-type', 'send batches to the collector'],
  ['a batch without type', { value: { batch: [order] } }, 'unknown-type', 'send batches to the collector'],
  ['a type in capitals', { value: { ...order, type: 'Track' } }, 'unknown-type', 'send one of track, identify'],
  ['no type', { value: { userId: 'c1' } }, 'unknown-type', 'The type is nothing; send one of track'],
  ['no customer', { value: { type: 'page' } }, 'no-customer', 'send userId or anonymousId'],
  [
    'a bare key with a colon',
    { value: { ...order, userId: 'urn:c1' }, key: 'urn:c1' },
    'key-mismatch',
    'send "default:urn:c1"',
  ],
  ['a key of somebody else', { value: order, key: 'acme:c2' }, 'key-mismatch', 'send tenant:customer as the key'],
  ['an empty tenant', { value: order, key: ':c1' }, 'invalid-key', 'neither empty'],
  [
    'a NUL in the customer',
    { value: { ...order, userId: 'c\0' } },
    'invalid-shape',
    'userId is "c\\u0000"; send text of at most 256 characters, without NUL',
  ],
  [
    'a fraction as customer',
    { value: { ...order, userId: 1.5 } },
    'invalid-shape',
    'userId is 1.5; send text of at most 256 characters, without NUL or half a surrogate pair, or a whole number',
  ],
  ['a number too large', { value: { ...order, userId: 2 ** 53 } }, 'invalid-shape', 'a whole number below 2^53'],
  [
    'a message id that is an object',
    { value: { ...order, messageId: {} } },
    'invalid-shape',
    'messageId is an object; send text',
  ],
  ['no event name', { value: { type: 'track', userId: 'c1' } }, 'invalid-shape', 'event is nothing; send a name'],
  [
    'a long event name',
    { value: { ...order, event: 'x'.repeat(257) } },
    'invalid-shape',
    'send a name of at most 256 characters',
  ],
  ['properties in a list', { value: { ...order, properties: [] } }, 'invalid-shape', 'properties that are an object'],
  ['deep properties', { value: { ...order, properties: deep(33) } }, 'invalid-shape', 'at most 32 levels'],
  ['a group without id', { value: { type: 'group', userId: 'c1' } }, 'invalid-shape', 'and a groupId'],
  ['an alias without id', { value: { type: 'alias', userId: 'c1' } }, 'invalid-shape', 'and a previousId'],
  [
    '30 February',
    { value: { ...order, timestamp: '2010-02-30T08:00:00Z' } },
    'unreadable-timestamp',
    'timestamp is "2010-02-30T08:00:00Z", which names 30 February 2010, which does not exist: write a day',
  ],
  [
    'no zone',
    { value: { ...order, originalTimestamp: '2010-02-03T08:00:00' } },
    'unreadable-timestamp',
    'originalTimestamp is "2010-02-03T08:00:00", which is without a zone: add Z',
  ],
  [
    'a date alone',
    { value: { ...order, sentAt: '2010-02-03' } },
    'unreadable-timestamp',
    'sentAt is "2010-02-03", which is a day without a time: add it',
  ],
  [
    'seconds since 1970',
    { value: { ...order, timestamp: 1291191960 } },
    'unreadable-timestamp',
    'timestamp is 1291191960: write text in RFC 3339',
  ],
  [
    'a time of an event',
    { value: {}, headers: { ...ce, ce_time: 'now' } },
    'unreadable-timestamp',
    'The CloudEvents time is "now", which is no time in RFC 3339: write it with a zone',
  ],
  [
    'the old version',
    { value: {}, headers: { ...ce, ce_specversion: '0.3' } },
    'invalid-shape',
    'ce_specversion is "0.3"; send a CloudEvent of version "1.0"',
  ],
  [
    'a quoted type',
    { value: {}, headers: { ...ce, ce_type: '"com.shop.paid"' } },
    'invalid-shape',
    'ce_type is "\\"com.shop.paid\\"", with quotes around it: send it without them',
  ],
  [
    'a quoted id',
    { value: {}, headers: { ...ce, ce_id: '"e1"' } },
    'invalid-shape',
    'ce_id is "\\"e1\\"", with quotes',
  ],
  [
    'a quoted subject',
    { value: {}, headers: { ...ce, ce_subject: '"c1"' }, key: 'acme:"c1"' },
    'invalid-shape',
    'ce_subject is',
  ],
  [
    'an attribute that is not UTF-8',
    { value: {}, headers: { ...ce, ce_subject: 'Zo\ufffd' } },
    'invalid-shape',
    'ce_subject is "Zo\ufffd", which is not UTF-8',
  ],
  [
    'an attribute with a dash',
    { value: {}, headers: { ...ce, 'ce_my-ext': 'x' } },
    'invalid-shape',
    'ce_my-ext is no attribute: expected a name of small letters and digits',
  ],
  [
    'no subject',
    { value: {}, headers: { ce_type: 'x' } },
    'no-customer',
    'send the customer as the CloudEvents subject',
  ],
  [
    "a type of Perennial's",
    { value: {}, headers: { ...ce, ce_type: 'perennial.x' } },
    'unknown-type',
    'send perennial.activity.v1, or your own',
  ],
  [
    'a structured event of the old version',
    { value: { ...event, specversion: '0.3' }, headers: structured },
    'invalid-shape',
    'send a CloudEvent of version "1.0"',
  ],
  [
    'a structured event without id',
    { value: { ...event, id: '' }, headers: structured },
    'invalid-shape',
    'The CloudEvents id is ""; send a name',
  ],
  [
    'a structured event without source',
    { value: { ...event, source: 5 }, headers: structured },
    'invalid-shape',
    'send a URI that names the producer',
  ],
  [
    'a structured event with bytes',
    { value: { ...event, data_base64: 'aGk=' }, headers: structured },
    'invalid-shape',
    'send its data as JSON in "data"',
  ],
  [
    'a structured event with an object as attribute',
    { value: { ...event, trace: {} }, headers: structured },
    'invalid-shape',
    'The CloudEvents attribute trace is an object: expected text',
  ],
  [
    'a structured event in a list',
    { value: [event], headers: structured },
    'invalid-shape',
    'The CloudEvent is an array; send a JSON object',
  ],
  [
    'a batch of events',
    { value: [event], headers: { 'content-type': 'application/cloudevents-batch+json' } },
    'invalid-shape',
    'send one record for each message',
  ],
];

it.each(mistakes)('%s', (_, { value, headers = {}, key = 'acme:c1' }, cause, remedy) => {
  const bytes = value instanceof Uint8Array ? value : utf8.encode(JSON.stringify(value));
  const decoded = decodeRecord({
    offset: 0,
    timestamp: 0,
    key: utf8.encode(key),
    value: bytes,
    headers: stored(headers),
  });
  expect(decoded).toMatchObject({ kind: 'poison', cause, detail: expect.stringContaining(remedy) as string });
});

it('attributes have names of any length, and may hold quotes inside', () => {
  const headers = { ...ce, ce_anattributewithmorethantwentycharacters: 'x', ce_note: '"x"', ce_subject: 'c"1' };
  const decoded = decodeRecord({
    offset: 0,
    timestamp: 0,
    key: utf8.encode('acme:c"1'),
    value: utf8.encode('{}'),
    headers: stored(headers),
  });
  expect(decoded).toMatchObject({ kind: 'activity', activity: { customer: 'c"1' } });
});
