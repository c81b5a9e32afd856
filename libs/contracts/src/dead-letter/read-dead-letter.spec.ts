import fc from 'fast-check';
import { DEAD_LETTER_CAUSES } from './poison';
import { DEAD_LETTER_HEADER, deadLetterRecord, readDeadLetter } from './dead-letter-record';
import { headersOf, type LogRecord, storedHeaders } from '../record';

const own = Object.values(DEAD_LETTER_HEADER);
const names = fc.oneof(
  fc.constantFrom(...own, ...own.map((name) => `original-${name}`), ...own.map((name) => `original-original-${name}`)),
  fc.constantFrom('ce_id', 'original-', 'original-ce_id', 'traceparent'),
  fc.string({ minLength: 1 }),
);
const bytes = fc.option(fc.uint8Array({ maxLength: 20 }));
const headerLists = fc.array(
  fc.record({ name: fc.oneof(names, fc.constant(new Uint8Array([0xff, 0x80]))), value: bytes }),
  { maxLength: 6 },
);
const positions = fc.record({ topic: fc.constant('in'), partition: fc.nat(), offset: fc.maxSafeNat() });

describe('readDeadLetter', () => {
  it('gives back every record byte for byte, whatever its headers are called', () => {
    fc.assert(
      fc.property(
        bytes,
        bytes,
        headerLists,
        positions,
        fc.constantFrom(...DEAD_LETTER_CAUSES),
        fc.nat(),
        (key, value, headers, position, cause, timestamp) => {
          const record: LogRecord = { key, value, headers, offset: position.offset, timestamp };
          const written = deadLetterRecord(record, position, { kind: 'poison', cause, detail: 'why' });
          const read = readDeadLetter({
            key,
            value,
            headers: storedHeaders(written.headers),
            offset: 9,
            timestamp: 77,
          });
          expect(read).toEqual({
            position,
            cause,
            detail: 'why',
            appendedAt: timestamp,
            setAsideAt: 77,
            key,
            value,
            headers,
          });
        },
      ),
    );
  });

  it.each<[string, Record<string, string>]>([
    ['no header', {}],
    ['an unknown cause', { [DEAD_LETTER_HEADER.cause]: 'bored' }],
    ['no position', { [DEAD_LETTER_HEADER.cause]: 'null-key', [DEAD_LETTER_HEADER.topic]: 'in' }],
  ])('answers null to a record with %s', (_, texts) => {
    const headers = storedHeaders(headersOf(texts));
    expect(readDeadLetter({ key: null, value: null, headers, offset: 0, timestamp: 0 })).toBeNull();
  });
});
