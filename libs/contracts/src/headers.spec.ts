import { decodeRecord } from './activity/decode';
import { forwardedHeaders } from './activity/forwarding';
import { type Headers, headersOf, headerText, storedHeaders } from './record';

const utf8 = new TextEncoder();
const header = (name: string | Uint8Array, value: string | null) => ({
  name,
  value: value === null ? null : utf8.encode(value),
});

describe('a header read by its name', () => {
  it('is the last one of that name', () => {
    expect(headerText([header('a', '1'), header('a', '2'), header('b', '3')], 'a')).toBe('2');
  });
  it('is none where it is null, though there are others before', () => {
    expect(headerText([header('a', '1'), header('a', null)], 'a')).toBeUndefined();
    expect(headerText([], 'a')).toBeUndefined();
  });
  it('is no text where it is not UTF-8, and is not guessed', () => {
    expect(headerText([{ name: 'a', value: Uint8Array.of(0x61, 0xff) }], 'a')).toBeNull();
    expect(headerText([header(Uint8Array.of(0x61), '1')], 'a')).toBeUndefined();
  });
});

describe('CloudEvents attributes', () => {
  const value = utf8.encode('{"total":5}');
  const event = headersOf({ ce_type: 'com.shop.paid', ce_subject: 'c1', ce_id: 'e1' });
  const decoded = (more: Headers) =>
    decodeRecord({
      offset: 0,
      timestamp: 0,
      key: utf8.encode('acme:c1'),
      value,
      headers: [...storedHeaders(event), ...more],
    });

  it('count as they were said last, whatever the case of the name', () => {
    expect(decoded([header('CE_ID', 'e2')])).toMatchObject({ kind: 'activity', activity: { id: 'e2' } });
  });
  it.each(['ce_type', 'ce_id', 'ce_time', 'ce_subject'])('make a dead letter where %s is not UTF-8', (name) => {
    expect(decoded([{ name, value: Uint8Array.of(0xff, 0x00, 0x80, 0xfe) }])).toMatchObject({ cause: 'invalid-utf8' });
  });
});

describe('headers of forwarding', () => {
  const said = { from: '0:7', id: 'in:0:7', appendedAt: '2026-01-01T00:00:00.000Z' };
  const received = [header('a', '1'), { name: 'raw', value: Uint8Array.of(0xff) }, header('a', '2'), header('n', null)];

  it('stand beside those received, which stay as they are and in their order', () => {
    const sent = forwardedHeaders(received, said);
    expect(sent.slice(2, -1)).toEqual(received);
    expect(sent.map(({ name }) => name)).toEqual([
      'perennial-forwarded-id',
      'perennial-forwarded-appended-at',
      'a',
      'raw',
      'a',
      'n',
      'perennial-forwarded-from',
    ]);
  });
  it('take the place of what a producer put there that is no text', () => {
    for (const value of [null, Uint8Array.of(0xff)]) {
      const sent = forwardedHeaders([{ name: 'perennial-forwarded-id', value }], said);
      expect(headerText(sent, 'perennial-forwarded-id')).toBe(said.id);
      expect(sent.filter(({ name }) => name === 'perennial-forwarded-id')).toHaveLength(1);
    }
  });
  it('of a second forwarding keep id and time of the first, and say the new place once', () => {
    const twice = forwardedHeaders(forwardedHeaders(received, said), { ...said, from: '1:9', id: 'in:1:9' });
    expect(headerText(twice, 'perennial-forwarded-id')).toBe('in:0:7');
    expect(twice.filter(({ name }) => name === 'perennial-forwarded-from')).toEqual([
      { name: 'perennial-forwarded-from', value: '1:9' },
    ]);
  });
});
