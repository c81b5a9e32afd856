/** What clients of the collector typically get wrong, and what the answer tells them: where, what, and the remedy. */
import type { TenantId } from '@perennial/values';
import { readEvents } from './cloud-events/read-events';
import type { HeaderValues, Read } from './request';
import { readBatch, readMessage } from './segment/read-segment';

const order = { userId: 'c1', event: 'Order Completed' };
const event = { specversion: '1.0', id: 'e1', source: '/shop', type: 'com.shop.paid', subject: 'c1' };
const structured = { 'content-type': 'application/cloudevents+json' };
const ce = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': 'e1',
  'ce-source': '/shop',
  'ce-type': 'x',
  'ce-subject': 'c1',
};
const track = readMessage('track');

type Values = Readonly<Record<string, string | readonly string[]>>;

/** As Node gives them: a character for each byte. */
function send(read: Read, json: unknown, headers: Values) {
  const values: HeaderValues = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? [value] : [...value]]),
  );
  const joined = Object.fromEntries(Object.entries(values).map(([name, all = []]) => [name, all.join(', ')]));
  const sent = { tenant: 'shop' as TenantId, headers: joined, headerValues: values, json: json as null, receivedAt: 0 };
  return read(sent);
}

const bytes = (text: string): string => Buffer.from(text).toString('latin1');

it.each<[string, Read, unknown, Values, string, string]>([
  ['no event', track, { userId: 'c1' }, {}, 'event', 'expected a name of at most 256 characters'],
  ['a NUL', track, { ...order, event: 'a\0' }, {}, 'event', 'without NUL or half a surrogate pair'],
  [
    'a fraction as customer',
    track,
    { ...order, userId: 1.5 },
    {},
    'userId',
    'expected text of at most 256 characters, without NUL or half a surrogate pair, or a whole number below 2^53',
  ],
  ['a NUL in a customer', track, { ...order, userId: 'c\0' }, {}, 'userId', 'expected text of at most 256 characters'],
  [
    'half a surrogate pair',
    track,
    { ...order, userId: 'c\ud800' },
    {},
    'userId',
    'without NUL or half a surrogate pair',
  ],
  ['a long customer', track, { ...order, userId: 'c'.repeat(257) }, {}, 'userId', 'expected text of at most 256'],
  ['a number too large', track, { ...order, userId: 2 ** 53 }, {}, 'userId', 'a whole number below 2^53'],
  ['a NUL in a message id', track, { ...order, messageId: 'm\0' }, {}, 'messageId', 'without NUL or half'],
  ['an empty group', readMessage('group'), { userId: 'c1', groupId: '' }, {}, 'groupId', 'expected text of'],
  ['a NUL in a subject', readEvents, { ...event, subject: 'c\0' }, structured, 'subject', 'without NUL or half'],
  ['a subject too large', readEvents, { ...event, subject: 1e21 }, structured, 'subject', 'a whole number below 2^53'],
  ['no customer', track, { event: 'x' }, {}, '', 'names no customer: send a userId or an anonymousId'],
  [
    '30 February',
    track,
    { ...order, timestamp: '2010-02-30T08:00:00Z' },
    {},
    'timestamp',
    'names 30 February 2010, which does not exist',
  ],
  [
    'no zone',
    track,
    { ...order, originalTimestamp: '2010-02-03T08:00:00.5' },
    {},
    'originalTimestamp',
    'without a zone: add Z',
  ],
  ['a number as time', track, { ...order, sentAt: 5 }, {}, 'sentAt', 'is 5: write text in RFC 3339'],
  ['properties in a list', track, { ...order, properties: [1] }, {}, 'properties', 'expected a JSON object'],
  ['another type', track, { ...order, type: 'page' }, {}, 'type', 'expected "track", as the path says'],
  ['no known type', track, { ...order, type: 'Track' }, {}, 'type', 'one of track, identify'],
  ['no group', readMessage('group'), { userId: 'c1' }, {}, 'groupId', 'expected text of'],
  ['a list', track, [order], {}, '', 'expected a JSON object: a Segment message'],
  ['a CloudEvent', track, event, {}, 'specversion', 'POST it to /v1/events'],
  ['a batch', track, { batch: [order] }, {}, 'batch', 'POST it to /v1/batch'],
  ['a message', readBatch, order, {}, 'batch', 'expected a list of 1 to 1000 messages'],
  ['a list of messages', readBatch, [order], {}, '', 'expected {"batch": [messages]}'],
  ['no messages', readBatch, { batch: [] }, {}, 'batch', 'expected a list of 1 to 1000 messages'],
  ['a message without type', readBatch, { batch: [order] }, {}, 'batch.0.type', 'one of track, identify'],
  [
    'a time in a batch',
    readBatch,
    { batch: [{ type: 'page', userId: 'c', timestamp: 'now' }] },
    {},
    'batch.0.timestamp',
    'is "now", which is no time in RFC 3339: write it',
  ],
  ['text as event', readEvents, 'x', structured, '', 'expected a CloudEvent, which is a JSON object'],
  ['the old version', readEvents, { ...event, specversion: '0.3' }, structured, 'specversion', 'expected "1.0"'],
  ['no source', readEvents, { ...event, source: '' }, structured, 'source', 'expected a URI that names the producer'],
  [
    'bytes',
    readEvents,
    { ...event, data_base64: 'aGk=' },
    structured,
    'data_base64',
    'send the data as JSON in "data"',
  ],
  ['an unreadable time', readEvents, { ...event, time: '2010-02-03T08:00:00' }, structured, 'time', 'without a zone'],
  ['no subject', readEvents, { ...event, subject: null }, structured, 'subject', 'names no customer'],
  ['quotes in quotes', readEvents, { ...event, subject: '"c1"' }, structured, 'subject', 'with quotes around it'],
  [
    'an attribute in capitals',
    readEvents,
    { ...event, traceId: 'x' },
    structured,
    'traceId',
    'small letters and digits',
  ],
  ['a dash in a name', readEvents, {}, { ...ce, 'ce-my-ext': 'x' }, 'my-ext', 'small letters and digits'],
  ['a percent sign alone', readEvents, {}, { ...ce, 'ce-subject': '100%' }, 'subject', 'write a percent sign as %25'],
  [
    'a percent sequence that is not UTF-8',
    readEvents,
    {},
    { ...ce, 'ce-subject': '%FF' },
    'subject',
    'begins no UTF-8 character',
  ],
  [
    'an overlong percent sequence',
    readEvents,
    {},
    { ...ce, 'ce-subject': '%C0%A0' },
    'subject',
    'begins no UTF-8 character',
  ],
  ['Latin-1', readEvents, {}, { ...ce, 'ce-subject': 'Zo\xeb' }, 'subject', 'is not UTF-8'],
  ['a quote that is open', readEvents, {}, { ...ce, 'ce-subject': '"c1' }, 'subject', 'does not end with one'],
  ['encoded quotes', readEvents, {}, { ...ce, 'ce-subject': '%22c1%22' }, 'subject', 'with quotes around it'],
  ['two subjects', readEvents, {}, { ...ce, 'ce-subject': ['a', 'b'] }, 'subject', 'is sent in two headers: send one'],
  ['data as header', readEvents, undefined, { ...ce, 'ce-data': 'x' }, 'data', 'send the data as the body'],
])('%s', (_, read, json, headers, field, remedy) => {
  const [problem] = [send(read, json, headers)].flatMap((answer) => ('reason' in answer ? answer.problems : []));
  expect(problem).toEqual({ field, message: expect.stringContaining(remedy) as string });
});

it.each([
  ['a quoted string', '"c1"', 'c1'],
  ['a quoted string with escapes', '"c \\"1\\" \\\\ %C3%AB"', 'c "1" \\ ë'],
  ['percent sequences, once', 'Zo%C3%AB%2525', 'Zoë%25'],
  ['raw UTF-8', bytes('Zoë €'), 'Zoë €'],
  ['a quote inside', 'c"1', 'c"1'],
])('a header that is %s is read as its standard says', (_, header, subject) => {
  const [prepared] = [
    send(readEvents, {}, { ...ce, 'ce-subject': header, 'ce-alongnameofmorethan20characters': 'x' }),
  ].flatMap((answer) => ('reason' in answer ? [] : answer));
  expect(prepared?.record).toMatchObject({
    key: `shop:${subject}`,
    headers: expect.arrayContaining([
      { name: 'ce_subject', value: subject },
      { name: 'ce_alongnameofmorethan20characters', value: 'x' },
    ]) as unknown,
  });
});
