import fc from 'fast-check';
import { poison } from './dead-letter';
import { deadLetterRecord } from './dead-letter-record';
import { MAX_RECORD_BYTES } from './limits';

const position = { topic: 'perennial.activity.v1', partition: 3, offset: 99 };
const refusal = poison('invalid-json', 'The value is not JSON; send one JSON object per record.');

describe('a dead letter', () => {
  it('keeps key and value byte for byte, whatever they are', () => {
    const bytes = fc.option(fc.uint8Array(), { nil: null });
    fc.assert(
      fc.property(bytes, bytes, (key, value) => {
        const record = deadLetterRecord({ offset: 99, timestamp: 5, key, value, headers: {} }, position, refusal);
        expect(record).toMatchObject({ topic: 'perennial.activity.dead-letter.v1', key, value });
      }),
    );
  });

  it('of a record that unpacked to more than the topic takes is cut, and says so: it stops no partition', () => {
    const size = fc.nat(3 * MAX_RECORD_BYTES);
    fc.assert(
      fc.property(size, size, fc.nat(50_000), (keyBytes, valueBytes, headers) => {
        const received = {
          offset: 99,
          timestamp: 5,
          key: new Uint8Array(keyBytes),
          value: new Uint8Array(valueBytes),
          headers: Object.fromEntries(Array.from({ length: headers }, (_, n) => [`h${n}`, 'x'.repeat(20)])),
        };
        const { key, value, headers: kept } = deadLetterRecord(received, position, refusal);
        const bytes = (key?.length ?? 0) + (value?.length ?? 0) + JSON.stringify(kept).length;
        expect(bytes).toBeLessThan(MAX_RECORD_BYTES + 4_096);
        const whole = keyBytes + valueBytes + headers * 100 < MAX_RECORD_BYTES;
        if (whole) expect([key?.length, value?.length]).toEqual([keyBytes, valueBytes]);
        expect(kept['perennial-cut'] === undefined).toBe(
          key?.length === keyBytes && value?.length === valueBytes && Object.keys(kept).length > headers,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('says why and from where beside the headers it came with', () => {
    const headers = { ce_type: 'com.shop.paid', 'perennial-signature': 'ab', 'perennial-cause': 'mine' };
    const record = deadLetterRecord(
      { offset: 99, timestamp: 1_300_000_000_000, key: null, value: null, headers },
      position,
      refusal,
    );
    expect(record.headers).toEqual({
      ce_type: 'com.shop.paid',
      'perennial-signature': 'ab',
      'original-perennial-cause': 'mine',
      'perennial-cause': 'invalid-json',
      'perennial-detail': 'The value is not JSON; send one JSON object per record.',
      'perennial-topic': 'perennial.activity.v1',
      'perennial-partition': '3',
      'perennial-offset': '99',
      'perennial-timestamp': '1300000000000',
    });
  });
});
