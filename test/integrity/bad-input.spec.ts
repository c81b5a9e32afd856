/** Every kind of bad input (streaming.md §2.4) has a documented outcome, and the partition goes on behind it. */
import {
  DEAD_LETTER_HEADER,
  type DeadLetterCause,
  headersOf,
  headerText,
  MAX_ACTIVITY_BYTES,
  type OutRecord,
  TOPIC,
  valueBytes,
} from '@perennial/contracts';
import { formatInstant } from '@perennial/values';
import type { Installation } from '../e2e/installation';
import { endAll, EngineProcess } from './harness/engine-process';
import { commands, LIVE, order, RETAIL } from './harness/filling';
import { append, openGround, settled } from './harness/ground';
import { type Findings, findings, stageChanges } from './harness/oracle';

const DAY = 86_400_000;
const NOW = Date.now();
const COMMAND = 'perennial.command.end-bootstrap.v1';
const text = (value: string): Buffer => Buffer.from(value, 'utf8');

/** Each for a customer of the case's name, and followed by an order of that customer: the partition goes on. */
const REFUSED: readonly (readonly [string, DeadLetterCause, Partial<OutRecord>])[] = [
  ['a poison message', 'invalid-json', { value: text('{"type":"track",') }],
  [
    'schema drift',
    'invalid-shape',
    { value: text('{"type":"track","userId":"schema drift","event":{"now":"an object"}}') },
  ],
  ['a huge message', 'too-large', { value: Buffer.alloc(MAX_ACTIVITY_BYTES + 1, 'x') }],
  ['invalid UTF-8', 'invalid-utf8', { value: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }],
  ['a null key', 'null-key', { key: null }],
  ['a tombstone', 'null-value', { value: null }],
  ['a key that is not UTF-8', 'invalid-key', { key: Buffer.from([0xff]) }],
  ['a key of another customer', 'key-mismatch', { key: `${LIVE}:another` }],
  [
    'an unsigned command',
    'unsigned',
    { headers: headersOf({ ce_type: COMMAND }), value: text('{"tenant":"live","customers":null}') },
  ],
  ['a clock two days ahead', 'future-timestamp', order(LIVE, 'a clock two days ahead', 'bad', NOW + 2 * DAY)],
  ['a day that is none', 'unreadable-timestamp', stated('a day that is none', 'bad', '2023-02-30T00:00:00Z')],
];

/** Orders of a customer of the case's name; when it enters, where that is not when the order was appended. */
const TAKEN: readonly (readonly [string, (customer: string) => readonly OutRecord[], string | null])[] = [
  ['a duplicate', (who) => [order(LIVE, who, 'd', null), order(LIVE, who, 'd', null)], null],
  ['a clock some hours ahead', (who) => [order(LIVE, who, 'f', NOW + DAY / 2)], null],
  ['a clock days behind', (who) => [order(LIVE, who, 'b', NOW - 5 * DAY)], formatInstant(NOW - 5 * DAY)],
  [
    'a late one, as two producers may reorder',
    (who) => [order(LIVE, who, 's2', NOW - DAY), order(LIVE, who, 's1', NOW - 3 * DAY)],
    formatInstant(NOW - DAY),
  ],
  ['one that is larger than a fetch', (who) => [padded(who)], null],
  [
    'the hour that the end of summer time repeats',
    (who) => [stated(who, 'x1', '2016-10-30T02:30:00+02:00'), stated(who, 'x2', '2016-10-30T02:30:00+01:00')],
    '2016-10-30T00:30:00.000Z',
  ],
  ['a leap second', (who) => [stated(who, 'y', '2016-12-31T23:59:60Z')], '2017-01-01T00:00:00.000Z'],
];

let installation: Installation;
let found: Findings;

beforeAll(async () => {
  installation = await openGround('bad-input');
  const engine = new EngineProcess(installation);
  await append(installation, commands(LIVE, RETAIL, { kind: 'wall' }));
  const refused = REFUSED.flatMap(([name, , change]) => [
    { ...order(LIVE, name, 'bad', null), ...change },
    order(LIVE, name, 'good', null),
  ]);
  await append(installation, [...refused, ...TAKEN.flatMap(([name, records]) => records(name))]);
  await settled(installation);
  await engine.stop();
  found = await findings(installation);
});
afterAll(async () => {
  await endAll();
  await installation.remove();
});

it('the facts are those of a sequential re-computation', () => {
  expect(found.differences).toEqual([]);
});

it.each(REFUSED)(
  '%s goes to the dead letters as %s, byte for byte, and its partition goes on',
  async (name, cause, change) => {
    const letters = await installation.records(TOPIC.deadLetter);
    const expected = { ...order(LIVE, name, 'bad', null), ...change };
    const letter = letters.find(
      ({ headers, value }) =>
        headerText(headers, DEAD_LETTER_HEADER.cause) === cause &&
        (value === null ? expected.value === null : Buffer.from(value).equals(valueBytes(expected) ?? text('?'))),
    );
    expect(letter?.key?.toString()).toEqual(expected.key === null ? undefined : Buffer.from(expected.key).toString());
    expect(stagesOf(name)).toEqual(['onboarding', 'activation']);
  },
);

it.each(TAKEN)('%s counts once, at its own time or when it was appended', (name, _records, entersAt) => {
  const [entry, ...moves] = stageChanges(found, LIVE).filter(({ customer }) => customer === name);
  expect(entry).toMatchObject({ to: 'onboarding', occurredAt: entersAt ?? entry?.decidedAt });
  expect(moves[0]).toMatchObject({ from: 'onboarding', to: 'activation', occurredAt: entry?.occurredAt });
  expect(moves.filter(({ to }) => to === 'in-life')).toEqual([]);
});

it('what the topic has no room for is refused to the producer', async () => {
  const tooLarge = { ...order(LIVE, 'huge', 'h', null), value: Buffer.alloc(MAX_ACTIVITY_BYTES + 100_000) };
  await expect(append(installation, [tooLarge])).rejects.toMatchObject({ code: 'STREAM.RECORD_TOO_LARGE' });
});

const stagesOf = (name: string): string[] =>
  stageChanges(found, LIVE)
    .filter(({ customer }) => customer === name)
    .map(({ to }) => to);

function stated(userId: string, messageId: string, timestamp: string): OutRecord {
  const record = order(LIVE, userId, messageId, null);
  return {
    ...record,
    value: text(JSON.stringify({ type: 'track', event: 'Order Completed', userId, messageId, timestamp })),
  };
}

/** As large as may be; with key and framing more than one fetch brings. */
function padded(customer: string): OutRecord {
  const record = order(LIVE, customer, 'large', null);
  return {
    ...record,
    value: Buffer.concat([valueBytes(record) ?? text(''), Buffer.alloc(MAX_ACTIVITY_BYTES, ' ')], MAX_ACTIVITY_BYTES),
  };
}
