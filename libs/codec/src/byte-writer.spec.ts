import fc from 'fast-check';
import { ByteReader } from './byte-reader';
import { sliceOf } from './byte-slice';
import { ByteWriter } from './byte-writer';
import { NO_INSTANT } from './profile-number';

/** Bytes in hex, in groups of four bits as the table of byte-writer.ts lists them. */
function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter();
  write(writer);
  return Buffer.from(writer.finish()).toString('hex');
}

describe('the bytes of', () => {
  it.each<[string, (writer: ByteWriter) => void, string]>([
    [
      'a byte',
      (to) => {
        to.byte(0xab);
      },
      'ab',
    ],
    [
      'a double: little-endian',
      (to) => {
        to.double(1.5);
      },
      '000000000000f83f',
    ],
    [
      'a count below 128: one byte',
      (to) => {
        to.count(127);
      },
      '7f',
    ],
    [
      'a count from 128: seven bits a byte, the lowest first',
      (to) => {
        to.count(300);
      },
      'ac02',
    ],
    [
      'the largest count',
      (to) => {
        to.count(Number.MAX_SAFE_INTEGER);
      },
      'ffffffffffffff0f',
    ],
    [
      'text: its length in bytes before it',
      (to) => {
        to.text('a\u00e9');
      },
      '0361c3a9',
    ],
    [
      'bytes',
      (to) => {
        to.bytes(Uint8Array.of(1, 2));
      },
      '020102',
    ],
    [
      'a slice: no length',
      (to) => {
        to.slice(sliceOf(Uint8Array.of(1, 2)));
      },
      '0102',
    ],
    [
      'nothing',
      (to) => {
        to.optional(null, () => undefined);
      },
      '00',
    ],
    [
      'something',
      (to) => {
        to.optional('a', (text) => {
          to.text(text);
        });
      },
      '010161',
    ],
    [
      'small numbers',
      (to) => {
        to.numbers([0, 0xfb]);
      },
      '0200fb',
    ],
    [
      'no instant',
      (to) => {
        to.numbers([NO_INSTANT]);
      },
      '01fd',
    ],
    [
      'other whole numbers: int32',
      (to) => {
        to.numbers([0xfc, -1]);
      },
      '02fefc000000feffffffff',
    ],
    [
      'other numbers: double',
      (to) => {
        to.numbers([1.5, 2 ** 31]);
      },
      '02ff000000000000f83fff000000000000e041',
    ],
    [
      'flags: the first is the lowest bit',
      (to) => {
        to.flags([true, false, true]);
      },
      '0305',
    ],
    [
      'nine flags: two bytes',
      (to) => {
        to.flags([...Array<boolean>(8).fill(false), true]);
      },
      '090001',
    ],
  ])('%s', (_, write, bytes) => {
    expect(written(write)).toBe(bytes);
  });

  it('a length that is known afterwards: big-endian, before what it counts', () => {
    const writer = new ByteWriter();
    writer.byte(9);
    const reserved = writer.reserveLength();
    writer.text('ab');
    const { bytes, start, end } = writer.patchLength(reserved);
    expect(bytes.slice(start, end)).toEqual(Uint8Array.of(2, 0x61, 0x62));
    expect(writer.finish()).toEqual(Uint8Array.of(9, 0, 0, 0, 3, 2, 0x61, 0x62));
  });
});

it('a finished writer is empty, and what it finished stays', () => {
  const writer = new ByteWriter();
  writer.byte(1);
  const first = writer.finish();
  expect(writer.size).toBe(0);
  writer.byte(2);
  expect([first, writer.finish()]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
});

it('grows with what is written', () => {
  const long = 'x'.repeat(5_000);
  const writer = new ByteWriter();
  for (const text of [long, `${long}\u20ac`]) writer.text(text);
  writer.bytes(new Uint8Array(20_000));
  const size = writer.size;
  const reader = ByteReader.of(writer.finish());
  expect([reader.text(), reader.text(), reader.bytes().length, reader.at]).toEqual([
    long,
    `${long}\u20ac`,
    20_000,
    size,
  ]);
});

const numbers = fc.array(fc.oneof(fc.double(), fc.integer(), fc.nat(0x100), fc.constant(NO_INSTANT)));
const records = fc.record({
  byte: fc.nat(255),
  double: fc.double(),
  count: fc.maxSafeNat(),
  text: fc.string({ unit: 'grapheme' }),
  bytes: fc.uint8Array(),
  optional: fc.option(fc.maxSafeNat()),
  numbers,
  flags: fc.array(fc.boolean(), { maxLength: 40 }),
});

it('everything is read as it was written, one after the other', () => {
  fc.assert(
    fc.property(records, (record) => {
      const writer = new ByteWriter();
      writer.byte(record.byte);
      writer.double(record.double);
      writer.count(record.count);
      writer.text(record.text);
      writer.bytes(record.bytes);
      writer.optional(record.optional, (value) => {
        writer.count(value);
      });
      writer.numbers(record.numbers);
      writer.flags(record.flags);
      writer.text(record.text);
      const reader = ByteReader.of(writer.finish());
      expect({
        byte: reader.byte(),
        double: reader.double(),
        count: reader.count(),
        text: reader.text(),
        bytes: Uint8Array.from(reader.bytes()),
        optional: reader.optional(() => reader.count()),
        numbers: reader.numbers(record.numbers),
        flags: reader.flags(record.flags),
      }).toEqual({ ...record, numbers: record.numbers.map((value) => (Object.is(value, -0) ? 0 : value)) });
      expect(reader.name()).toBe(record.text);
      expect(reader.rest()).toMatchObject({ start: reader.at, end: reader.at });
    }),
  );
});
