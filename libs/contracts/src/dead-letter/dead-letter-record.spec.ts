import fc from 'fast-check';
import { poison } from './poison';
import { deadLetterRecord } from './dead-letter-record';
import {
  BATCH_FRAMING_BYTES,
  hasHeader,
  headersOf,
  headerText,
  MAX_DEAD_LETTER_BYTES,
  MAX_RECORD_BYTES,
  recordBytes,
  storedHeaders,
} from '../record';

const utf8 = new TextEncoder();
const position = { topic: 'perennial.activity.v1', partition: 3, offset: 99 };
const refusal = poison('invalid-json', 'The value is not JSON; send one JSON object per record.');

describe('a dead letter', () => {
  it('keeps key and value byte for byte, whatever they are', () => {
    const bytes = fc.option(fc.uint8Array(), { nil: null });
    fc.assert(
      fc.property(bytes, bytes, (key, value) => {
        const record = deadLetterRecord({ offset: 99, timestamp: 5, key, value, headers: [] }, position, refusal);
        expect(record).toMatchObject({ topic: 'perennial.activity.dead-letter.v1', key, value });
      }),
    );
  });

  it('of a record that unpacked to more than the topic takes is cut, and says so: it stops no partition', () => {
    const size = fc.nat(3 * MAX_RECORD_BYTES);
    fc.assert(
      fc.property(size, size, fc.nat(50_000), fc.constantFrom('x', '山', ''), (keyBytes, valueBytes, headers, text) => {
        const received = {
          offset: 99,
          timestamp: 5,
          key: new Uint8Array(keyBytes),
          value: new Uint8Array(valueBytes),
          headers: Array.from({ length: headers }, (_, n) => ({ name: `h${n}`, value: utf8.encode(text.repeat(20)) })),
        };
        const letter = deadLetterRecord(received, position, refusal);
        const { key, value, headers: kept } = letter;
        expect(recordBytes(letter) + BATCH_FRAMING_BYTES).toBeLessThanOrEqual(MAX_DEAD_LETTER_BYTES);
        const whole = keyBytes + valueBytes + headers * 100 < MAX_RECORD_BYTES;
        if (whole) expect([key?.length, value?.length]).toEqual([keyBytes, valueBytes]);
        expect(hasHeader(kept, 'perennial-cut')).not.toBe(
          key?.length === keyBytes && value?.length === valueBytes && kept.length > headers,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('is cut when what is added does not fit: names that are taken become longer', () => {
    const headers = Array.from({ length: 8_000 }, () => ({ name: 'perennial-cause', value: null }));
    const value = new Uint8Array(MAX_DEAD_LETTER_BYTES - 8_000 * 30);
    const received = { offset: 99, timestamp: 5, key: null, value, headers };
    expect(recordBytes(received)).toBeLessThan(MAX_DEAD_LETTER_BYTES - 20_000);
    const letter = deadLetterRecord(received, position, refusal);
    expect(recordBytes(letter) + BATCH_FRAMING_BYTES).toBeLessThanOrEqual(MAX_DEAD_LETTER_BYTES);
    expect(headerText(letter.headers, 'perennial-cut')).toContain(`value ${value.length} bytes`);
  });

  it('says why and from where beside the headers it came with', () => {
    const headers = storedHeaders(
      headersOf({ ce_type: 'com.shop.paid', 'perennial-signature': 'ab', 'perennial-cause': 'mine' }),
    );
    const record = deadLetterRecord(
      { offset: 99, timestamp: 1_300_000_000_000, key: null, value: null, headers },
      position,
      refusal,
    );
    expect(record.headers.slice(0, 3)).toEqual(
      storedHeaders(
        headersOf({ ce_type: 'com.shop.paid', 'perennial-signature': 'ab', 'original-perennial-cause': 'mine' }),
      ),
    );
    expect(record.headers.slice(3)).toEqual(
      headersOf({
        'perennial-cause': 'invalid-json',
        'perennial-detail': 'The value is not JSON; send one JSON object per record.',
        'perennial-topic': 'perennial.activity.v1',
        'perennial-partition': '3',
        'perennial-offset': '99',
        'perennial-timestamp': '1300000000000',
      }),
    );
  });
});
