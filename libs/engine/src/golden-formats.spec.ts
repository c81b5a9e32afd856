/**
 * Every format that an installation keeps: what is written here is read by releases to come, and what earlier ones wrote is
 * read here. Bytes of a number that has a fixture never change: whoever changes a format raises its number, keeps reading the
 * old one as long as a database may hold it, and runs `GOLDEN=write npx jest golden-formats` for the fixture of the new one.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Clock,
  type Command,
  commandRecord,
  clockRecord,
  encodeFact,
  type Fact,
  type OutRecord,
  signedBytes,
  type Stamp,
  TOPIC,
  valueBytes,
} from '@perennial/contracts';
import { type CustomerId, type TenantId } from '@perennial/values';
import { createPlan, packState, unpackState, view } from '@perennial/lifecycle';
import { sliceOf } from '@perennial/codec';
import { definitionOf, Story } from '@perennial/testing';
import { decodeOutbox } from './outbox/read-outbox';
import { OutboxWriter } from './outbox/write-outbox';
import { StateRows } from '@perennial/processor';

const FOLDER = join(__dirname, '../../../test/fixtures/formats');

const DEFINITION = `
kind: Lifecycle
name: golden
version: 300
activity:
  - { event: order, role: purchase, amount: event.properties.total }
  - { event: visit, role: visit }
currency: EUR
profile:
  orders: { count: purchase, occasion: P1D }
  spend: { sum: purchase }
  rhythm: { gaps: purchase }
  energy: { decayed: visit, halfLife: P14D }
signals:
  habit: { when: profile.orders >= 3 }
  quiet: { absent: any, for: P10D }
  faint: { below: 0.5, of: energy }
  tick: { on: visit, publish: true }
stages:
  initial: new
  states:
    new: { on: { habit: regular }, after: { P30D: gone } }
    regular:
      initial: calm
      on: { quiet: gone }
      states:
        calm: { on: { tick: keen } }
        keen: { on: { tick: calm }, after: { P3D: calm } }
        back: { type: history, history: deep }
    gone: { on: { tick: regular.back } }
regions:
  mood:
    initial: both
    states:
      both:
        type: parallel
        states:
          left: { initial: low, states: { low: { on: { tick: high } }, high: { after: { P1D: low } } } }
          right: { initial: slow, states: { slow: { on: { habit: fast } }, fast: { on: { quiet: slow } } } }
`;
const plan = createPlan(definitionOf(DEFINITION));
const tenant = 'acme' as TenantId;

/** A customer with something in every part of a state: history, parallel states, timers, ids, a settle deadline or none. */
function golden(): Story {
  const story = new Story(DEFINITION);
  for (const [day, event] of [
    [1, 'visit'],
    [2, 'order'],
    [4, 'order'],
    [7, 'order'],
    [8, 'visit'],
    [19, 'visit'],
  ] as const) {
    story.does(event, `2011-03-${String(day).padStart(2, '0')}T09:15`, { properties: { total: '19.99' } });
  }
  return story;
}

const stamp: Stamp = {
  tenant,
  customer: 'c42 "Ä"' as CustomerId,
  position: { topic: TOPIC.activity, partition: 2, offset: 184_467 },
  decidedAt: Date.UTC(2011, 2, 2, 9, 15, 0, 412),
  mode: 'live',
  definition: { name: 'golden', version: 300 },
};
const FACTS: readonly Fact[] = [
  {
    ...{ kind: 'stage-changed', cycle: 'main', region: 'stage', sequence: 7, from: 'regular', to: 'gone' },
    ...{ path: 'regular.keen → gone', occurredAt: Date.UTC(2011, 2, 2, 9, 15) },
    ...{ cause: { kind: 'deadline', signal: 'quiet', activityId: null }, previousStageEnteredAt: 0 },
  },
  {
    ...{ kind: 'stage-changed', cycle: 'main', region: 'mood', sequence: 1, from: null, to: 'both' },
    ...{ path: '→ both.(left.low|right.slow)', occurredAt: -1 },
    ...{ cause: { kind: 'entry', signal: null, activityId: 'a1' }, previousStageEnteredAt: null },
  },
  { kind: 'signal', cycle: 'main', signal: 'quiet', change: 'on', occurredAt: 1, activityId: null },
  { kind: 'signal', cycle: 'main', signal: 'tick', change: 'pulse', occurredAt: 1, activityId: 'a2' },
  { kind: 'state', cycle: 'main', stage: 'gone', since: 1 },
];
const FORWARDED: OutRecord = {
  topic: TOPIC.activity,
  partition: 3,
  key: 'acme:c1',
  value: Uint8Array.of(0xff, 0, 1),
  headers: [
    { name: 'ce_id', value: 'ä' },
    { name: Uint8Array.of(0xfe), value: null },
    { name: 'ce_id', value: Uint8Array.of(0xfd) },
  ],
};
const COMMANDS: readonly Command[] = [
  { type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'wall' } },
  { type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'event', aheadMs: -1 } },
  { type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'offset', base: 0, from: 1, speed: 2 } },
  { type: 'perennial.command.start-bootstrap.v1', tenant, customers: null },
  { type: 'perennial.command.end-bootstrap.v1', tenant, customers: ['c1'] },
  { type: 'perennial.command.publish-definition.v1', tenant, source: 'kind: Lifecycle' },
  { type: 'perennial.command.publish-definition.v1', tenant, source: 'kind: Lifecycle', author: 'ann', reason: 'why' },
];

const CLOCKS: readonly Clock[] = [
  { scope: { kind: 'live' }, at: 0 },
  { scope: { kind: 'tenant', tenant }, at: 1 },
];

interface Format {
  readonly name: string;
  /** How its fixtures are kept: texts as they are, all else in hexadecimal lines of 40 bytes. */
  readonly kept: 'txt' | 'hex';
  /** Bytes of this release, for the same content each time. */
  readonly write: () => Uint8Array;
  /** Which number they have. */
  readonly numberOf: (bytes: Uint8Array) => number;
  /** What bytes of this or an earlier number say; the same for all numbers. Null: read by nobody but programs of others. */
  readonly read: ((bytes: Uint8Array) => unknown) | null;
}

const firstByte = (bytes: Uint8Array): number => bytes[0] ?? 0;
const lines = (records: readonly OutRecord[]): Uint8Array =>
  Buffer.from(records.map(({ key, value, ...rest }) => json({ ...rest, key, value: textOf(value) })).join('\n'));
const textOf = (value: OutRecord['value']): string | null =>
  value === null ? null : Buffer.from(value).toString('utf8');
const json = (value: unknown): string =>
  JSON.stringify(value, (_, of: unknown) => (of instanceof Uint8Array ? Buffer.from(of).toString('hex') : of));

const FORMATS: readonly Format[] = [
  {
    name: 'state',
    kept: 'hex',
    write: () => packState(golden().state ?? missing()),
    numberOf: firstByte,
    read: (bytes) => view(plan, unpackState(plan, sliceOf(bytes))),
  },
  {
    name: 'state-log',
    kept: 'hex',
    write: () =>
      StateRows.of(
        ['acme:c1', 'acme:ö'].map((key) => ({ key, label: 'gone', version: 300, packed: Uint8Array.of(1, 2, 3) })),
      ).bytes,
    numberOf: firstByte,
    read: (bytes) => [...StateRows.read(bytes)],
  },
  {
    name: 'outbox',
    kept: 'hex',
    write: () => {
      const writer = new OutboxWriter();
      writer.facts(FACTS, stamp, 0);
      writer.facts(FACTS.slice(-1), { ...stamp, mode: 'history' }, 5);
      writer.record(FORWARDED);
      return writer.finish() ?? missing();
    },
    numberOf: firstByte,
    read: decodeOutbox,
  },
  {
    name: 'fact',
    kept: 'txt',
    write: () => lines(FACTS.map((fact, index) => encodeFact(fact, stamp, index))),
    numberOf: () => 1,
    read: null,
  },
  {
    name: 'command',
    kept: 'txt',
    write: () => lines(COMMANDS.map((command) => commandRecord(TOPIC.activity, 2, command))),
    numberOf: () => 1,
    read: null,
  },
  {
    name: 'clock',
    kept: 'txt',
    write: () => lines(CLOCKS.map((clock) => clockRecord(TOPIC.activity, 2, clock))),
    numberOf: () => 1,
    read: null,
  },
  {
    name: 'signed-bytes',
    kept: 'txt',
    write: () =>
      signedBytes(
        { topic: TOPIC.activity, type: 'perennial.clock.v1', partition: 2, number: '7.8' },
        valueBytes({ value: '{}' }) ?? missing(),
      ),
    numberOf: () => 2,
    read: null,
  },
];

function missing(): never {
  throw new Error('nothing was written');
}

const inHex = (bytes: Uint8Array): string =>
  (
    Buffer.from(bytes)
      .toString('hex')
      .match(/.{1,80}/g) ?? []
  ).join('\n');
const textIn = (kept: Format['kept'], bytes: Uint8Array): string =>
  `${kept === 'hex' ? inHex(bytes) : Buffer.from(bytes).toString('utf8')}\n`;
const bytesIn = (file: string): Uint8Array =>
  Uint8Array.from(Buffer.from(readFileSync(file, 'utf8').replaceAll('\n', ''), 'hex'));

describe.each(FORMATS)('the format $name', ({ name, kept, write, numberOf, read }) => {
  const bytes = write();
  const file = join(FOLDER, `${name}-${numberOf(bytes)}.${kept}`);
  if (process.env['GOLDEN'] === 'write' && !existsSync(file)) writeFileSync(file, textIn(kept, bytes));

  it('has the bytes that its number had before', () => {
    expect(textIn(kept, bytes)).toBe(readFileSync(file, 'utf8'));
  });

  it('says the same in every number that is kept', () => {
    const files = readdirSync(FOLDER).filter((each) => new RegExp(`^${name}-\\d+\\.${kept}$`).test(each));
    expect(files).not.toEqual([]);
    for (const each of read === null ? [] : files) {
      expect({ each, says: json(read?.(bytesIn(join(FOLDER, each)))) }).toEqual({ each, says: json(read?.(bytes)) });
    }
  });
});

it('no fixture is of a format that nobody reads any more', () => {
  const names = readdirSync(FOLDER).map((file) => file.replace(/-\d+\.(?:hex|txt)$/, ''));
  expect(names.filter((name) => !FORMATS.some((format) => format.name === name))).toEqual([]);
});
