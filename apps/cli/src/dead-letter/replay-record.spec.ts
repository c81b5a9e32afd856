import { type DeadLetter, hasHeader, headersOf, storedHeaders } from '@perennial/contracts';
import { partitionFor } from '@perennial/values';
import { describeDeadLetter, jsonOf } from './describe-dead-letter';
import { parseIdentity } from './find-dead-letters';
import { replayRecord } from './replay-dead-letters';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const stored = (texts: Record<string, string>) => storedHeaders(headersOf(texts));
const letter: DeadLetter = {
  position: { topic: 'perennial.activity.v1', partition: 3, offset: 512 },
  cause: 'no-definition',
  detail: 'publish one',
  appendedAt: Date.UTC(2026, 4, 3),
  setAsideAt: Date.UTC(2026, 4, 4),
  key: bytes('acme:ann'),
  value: bytes('{"type":"track"}'),
  headers: stored({ ce_id: 'a1' }),
};

describe('a dead letter that is replayed', () => {
  it('keeps key, value and headers, and says where and when it was first', () => {
    expect(replayRecord(letter, 4)).toEqual({
      topic: 'perennial.activity.v1',
      partition: partitionFor(bytes('acme:ann'), 4),
      key: letter.key,
      value: letter.value,
      headers: [
        { name: 'perennial-forwarded-id', value: 'perennial.activity.v1:3:512' },
        { name: 'perennial-forwarded-appended-at', value: '2026-05-03T00:00:00.000Z' },
        ...letter.headers,
        { name: 'perennial-forwarded-from', value: '3:512' },
      ],
    });
  });

  it('keeps what a forwarding before said of its id and time', () => {
    const before = stored({
      'perennial-forwarded-from': '1:2',
      'perennial-forwarded-id': 'first',
      'perennial-forwarded-appended-at': '2026-01-01T00:00:00.000Z',
    });
    const { headers } = replayRecord({ ...letter, headers: before }, 4);
    expect(headers).toEqual([...before.slice(1), { name: 'perennial-forwarded-from', value: '3:512' }]);
  });

  it('is judged against the time of its replay when it was too far ahead', () => {
    const headers = stored({ 'perennial-forwarded-appended-at': '2026-01-01T00:00:00.000Z' });
    const { headers: sent } = replayRecord({ ...letter, cause: 'future-timestamp', headers }, 4);
    expect(hasHeader(sent, 'perennial-forwarded-appended-at')).toBe(false);
  });

  it('goes back to its partition when it has no key, for it is signed for that', () => {
    expect(replayRecord({ ...letter, key: null }, 4).partition).toBe(3);
  });
});

describe('a dead letter that is shown', () => {
  it('shows a value that is no text as base64', () => {
    const lines = describeDeadLetter({ letter: { ...letter, value: Uint8Array.of(0xff) }, resolution: null });
    expect(lines).toContain('(not UTF-8; base64) /w==');
  });

  it('shows every header, repeated names and bytes that are no text, too', () => {
    const headers = [
      { name: 'a', value: bytes('1') },
      { name: 'a', value: Uint8Array.of(0xff, 0) },
      { name: Uint8Array.of(0xfe), value: null },
    ];
    const found = { letter: { ...letter, headers }, resolution: null };
    expect(describeDeadLetter(found).filter((line) => line.startsWith('header'))).toEqual([
      'header      a: 1',
      'header      a: (not UTF-8; base64) /wA=',
      'header      base64 /g==: (null)',
    ]);
    expect(JSON.parse(jsonOf(found, true))).toMatchObject({
      headers: [
        { name: 'a', value: '1' },
        { name: 'a', value: null, valueBase64: '/wA=' },
        { name: null, nameBase64: '/g==', value: null },
      ],
    });
  });
});

describe('the id of a dead letter', () => {
  it('is read with and without its topic', () => {
    const id = { partition: 3, offset: 512 };
    expect([parseIdentity('3:512'), parseIdentity('perennial.activity.v1:3:512')]).toEqual([id, id]);
  });

  it.each(['', '3', 'other:3:512', '-1:5', '3:512:9'])('is not %j', (text) => {
    expect(() => parseIdentity(text)).toThrow(/no dead letter's id/);
  });
});
