import { decodeRecord } from './activity/decode';
import { activityRecord, clockRecord, commandRecord } from './encode-input';
import { InvalidInput, type TenantId } from '@perennial/values';
import type { Clock } from './control/clock';
import type { Command } from './control/command';
import { type LogRecord, type OutRecord, storedHeaders, valueBytes } from './record';
import { signedBytes } from './control/signature';

const tenant = 'acme' as TenantId;
const at = Date.parse('2010-12-01T08:26:00.123Z');
const topic = 'perennial.activity.v1';

function received(record: OutRecord): LogRecord {
  const { key } = record;
  const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : key;
  return { offset: 0, timestamp: 0, key: bytes, value: valueBytes(record), headers: storedHeaders(record.headers) };
}

describe('records for producers', () => {
  it('of an activity decode to it', () => {
    const record = activityRecord(tenant, {
      type: 'track',
      event: 'Order Completed',
      userId: 17850,
      properties: { total: 15.3 },
    });
    expect(record).toMatchObject({ topic, key: 'acme:17850', headers: [] });
    expect(decodeRecord(received(record))).toMatchObject({
      kind: 'activity',
      key: 'acme:17850',
      activity: { customer: '17850', event: 'Order Completed', properties: { total: 15.3 } },
    });
  });

  it.each([{}, { userId: '' }, { userId: 'c'.repeat(257) }, { userId: null, anonymousId: null }])(
    'of an activity need a customer: %j is refused',
    (ids) => {
      expect(() => activityRecord(tenant, { type: 'page', ...ids })).toThrow(InvalidInput);
    },
  );

  it.each<Clock>([
    { scope: { kind: 'live' }, at },
    { scope: { kind: 'tenant', tenant }, at },
  ])('of a clock decode to it: %j', (clock) => {
    const record = clockRecord(topic, 3, clock);
    expect(record).toMatchObject({ topic, partition: 3, key: null });
    expect(decodeRecord(received(record))).toEqual({ kind: 'clock', clock, seal: { number: null, signature: null } });
  });

  it.each<Command>([
    { type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'wall' } },
    { type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'event', aheadMs: -5 } },
    {
      type: 'perennial.command.set-time-source.v1',
      tenant,
      source: { kind: 'offset', base: at, from: at + 1, speed: 0.5 },
    },
    { type: 'perennial.command.start-bootstrap.v1', tenant, customers: null },
    { type: 'perennial.command.end-bootstrap.v1', tenant, customers: ['c1'] },
    { type: 'perennial.command.publish-definition.v1', tenant, source: 'kind: Lifecycle\n' },
    { type: 'perennial.command.publish-definition.v1', tenant, source: 'x', author: 'ann', reason: 'line\nline' },
  ])('of a command decode to it: %j', (command) => {
    const record = commandRecord(topic, 3, command);
    expect(record).toMatchObject({ topic, partition: 3, key: null });
    expect(decodeRecord(received(record))).toEqual({
      kind: 'command',
      command,
      seal: { number: null, signature: null },
    });
  });
});

describe('the bytes that are signed', () => {
  const value = Uint8Array.of(1, 2, 3);

  const head = { topic: 't', type: 'a', partition: 1, number: '1' };

  it('differ by topic, type, partition, number and value', () => {
    const all = [
      signedBytes(head, value),
      signedBytes({ ...head, topic: 'u' }, value),
      signedBytes({ ...head, type: 'b' }, value),
      signedBytes({ ...head, partition: 11 }, value),
      signedBytes({ ...head, number: '11' }, value),
      signedBytes(head, Uint8Array.of(1, 2)),
    ].map((bytes) => bytes.join());
    expect(new Set(all).size).toBe(all.length);
  });

  it('are fixed, since records in logs were signed over them', () => {
    const clock = { topic, type: 'perennial.clock.v1', partition: 3, number: 'lifecycle-engine:7:42' };
    expect(Buffer.from(signedBytes(clock, value)).toString('latin1')).toBe(
      'perennial-signature-v2\nperennial.activity.v1\nperennial.clock.v1\n3\nlifecycle-engine:7:42\n\x01\x02\x03',
    );
  });
});
