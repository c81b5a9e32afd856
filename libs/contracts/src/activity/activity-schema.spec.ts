import fc from 'fast-check';
import { ACTIVITY_TYPES } from './activity';
import { type Json } from '@perennial/values';
import { activitySchema, batchSchema, cloudEventSchema } from './activity-schema';
import { decodeRecord } from './decode';
import { headersOf, storedHeaders } from '../record';

/**
 * The hand decoder accepts what the schemas accept, neither more nor less. Listed differences, outside these properties:
 * - The schemas do not know the record's key, so no-customer, null-key, invalid-key and key-mismatch are the decoder's own.
 * - A Segment message inside a CloudEvent may leave id, time and customer to the envelope; the schema of a message alone wants them in it.
 * - A CloudEvent's time is not read, and may be anything, where the Segment message in it states its own.
 */
const utf8 = new TextEncoder();

const customers = fc.oneof(fc.constantFrom('c1', 'c:2', 'ü', 42, 0, -7), fc.string({ minLength: 1, maxLength: 5 }));
const bad: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null,
  '',
  'x',
  '\0',
  '\ud800',
  'y'.repeat(256),
  'y'.repeat(257),
  0,
  1.5,
  2 ** 53,
  1e400,
  -1,
  true,
  [],
  {},
  { traits: 5 },
  { traits: {} },
  nested(32),
  nested(33),
);
const times = fc.constantFrom(
  '2010-12-01T08:26:00Z',
  '2010-12-01T08:26+01:00',
  '2010-02-30T08:26:00Z',
  '2010-12-01',
  'now',
);

function nested(levels: number): Json {
  return levels === 0 ? 'x' : { deeper: nested(levels - 1) };
}

const object = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 2 }));
const valid = {
  type: fc.constantFrom(...ACTIVITY_TYPES),
  event: fc.constantFrom('Order Completed', 'x'),
  userId: customers,
  anonymousId: customers,
  messageId: fc.oneof(fc.uuid(), fc.nat()),
  groupId: customers,
  previousId: customers,
  timestamp: times,
  originalTimestamp: times,
  sentAt: times,
  properties: object,
  traits: object,
  context: fc.record({ traits: object }, { requiredKeys: [] }),
  name: fc.string(),
  category: fc.jsonValue(),
};
const sound = fc.record(valid, { requiredKeys: ['type', 'event', 'userId', 'groupId', 'previousId'] });
/** Sound but for up to three fields, each of which may be left out or replaced. */
const broken = fc
  .tuple(
    sound,
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(valid)), fc.option(bad, { nil: undefined })), { maxLength: 3 }),
  )
  .map(([message, changes]) => ({ ...message, ...Object.fromEntries(changes) }));

function wireJson(value: unknown): { bytes: Uint8Array; json: Record<string, unknown> } {
  // JSON.stringify writes Infinity as null; 1e400 is how a producer would send it.
  const text = JSON.stringify(value, (_, part: unknown) => (part === Infinity ? '#1e400#' : part)).replaceAll(
    '"#1e400#"',
    '1e400',
  );
  return { bytes: utf8.encode(text), json: JSON.parse(text) as Record<string, unknown> };
}

function isId(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

/** The key that a producer of this message would use. */
function keyFor({ userId, anonymousId, subject }: Record<string, unknown>): string {
  return `t:${String([userId, anonymousId, subject].find(isId) ?? 'c1')}`;
}

function accepts(bytes: Uint8Array, key: string, headers: Readonly<Record<string, string>> = {}): boolean {
  const decoded = decodeRecord({
    offset: 0,
    timestamp: 0,
    key: utf8.encode(key),
    value: bytes,
    headers: storedHeaders(headersOf(headers)),
  });
  if (decoded.kind !== 'poison') return true;
  expect(['null-key', 'invalid-json', 'invalid-utf8']).not.toContain(decoded.cause);
  return false;
}

describe('the hand decoder and the schemas', () => {
  it('accept the same messages', () => {
    const tally = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(sound, broken), (message) => {
        const { bytes, json } = wireJson(message);
        const bySchema = activitySchema.safeParse(json).success;
        expect(accepts(bytes, keyFor(json))).toBe(bySchema);
        tally[bySchema ? 'accepted' : 'refused'] += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(tally.accepted, tally.refused)).toBeGreaterThan(200);
  });

  it('refuse the same values that are no message at all', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const { bytes, json } = wireJson(value);
        expect(accepts(bytes, 't:c1')).toBe(activitySchema.safeParse(json).success);
      }),
    );
  });

  it('accept the same CloudEvents of other systems', () => {
    const attributes = {
      specversion: fc.constantFrom('1.0', '1.0', '1.0', '0.3'),
      id: fc.uuid(),
      source: fc.constant('/shop'),
      type: fc.constantFrom('com.shop.paid', 'x'),
      subject: customers,
      time: times,
      data: fc.jsonValue({ maxDepth: 3 }),
    };
    const event = fc.record(attributes, { requiredKeys: ['specversion', 'id', 'source', 'type', 'subject'] });
    const changes = fc.array(
      fc.tuple(fc.constantFrom('id', 'source', 'type', 'subject', 'time', 'data', 'data_base64'), bad),
      {
        maxLength: 2,
      },
    );
    fc.assert(
      fc.property(event, changes, (sent, changed) => {
        const { bytes, json } = wireJson({ ...sent, ...Object.fromEntries(changed) });
        const named = (json.subject ?? '') !== '';
        const bySchema = cloudEventSchema.safeParse(json).success && named;
        expect(accepts(bytes, keyFor(json), { 'content-type': 'application/cloudevents+json' })).toBe(bySchema);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the schema of a batch', () => {
  const message = { type: 'page', userId: 'c1' };

  it('takes what Segment libraries send', () => {
    expect(
      batchSchema.safeParse({ batch: [message, { ...message, type: 'screen' }], sentAt: 'x', context: {} }).success,
    ).toBe(true);
  });

  it.each([
    { batch: [] },
    {},
    { type: 'track', batch: [message] },
    { batch: [{ type: 'page' }] },
    { batch: Array(1_001).fill(message) },
  ])('refuses none, too many, and batches with a bad message', (batch) => {
    expect(batchSchema.safeParse(batch).success).toBe(false);
  });
});
