import { ByteReader } from './byte-reader';
import { copySlice, sliceOf } from './byte-slice';
import { StringInterner } from './string-interner';

describe('reading past the end', () => {
  it.each<[string, (reader: ByteReader) => unknown]>([
    ['of text', (reader) => reader.text()],
    ['of a name', (reader) => reader.name()],
    ['of bytes', (reader) => reader.bytes()],
    ['of a slice', (reader) => reader.slice(5)],
    ['of a list', (reader) => reader.list(() => reader.double())],
  ])('%s is refused', (_, read) => {
    expect(() => read(ByteReader.of(Uint8Array.of(4, 0, 0, 0)))).toThrow(RangeError);
  });

  it('of a slice is refused, also where the buffer goes on', () => {
    const { bytes, view } = sliceOf(Uint8Array.of(2, 0x61, 0x62, 0x63));
    const reader = new ByteReader({ bytes, view, start: 0, end: 2 });
    expect(() => reader.text()).toThrow(RangeError);
  });

  it('of single numbers is refused with the rest at the latest', () => {
    const { bytes, view } = sliceOf(new Uint8Array(16));
    const reader = new ByteReader({ bytes, view, start: 0, end: 4 });
    reader.double();
    expect(() => reader.rest()).toThrow(RangeError);
  });
});

it('text that is not UTF-8 is refused, not guessed', () => {
  expect(() => ByteReader.of(Uint8Array.of(1, 0xff)).text()).toThrow('not valid');
});

it('lists of another length than the one they are to be like are none', () => {
  const reader = (): ByteReader => ByteReader.of(Uint8Array.of(1, 5));
  expect([reader().numbers([0]), reader().numbers([]), reader().flags([])]).toEqual([[5], null, null]);
});

it('one byte can be read again', () => {
  const reader = ByteReader.of(Uint8Array.of(7, 8), 1);
  expect(reader.byte()).toBe(8);
  reader.back();
  expect([reader.at, reader.byte()]).toEqual([1, 8]);
});

it('a length of 32 bits is big-endian, and what it counts is pointed at', () => {
  const bytes = Uint8Array.of(0, 0, 0, 2, 7, 8);
  const reader = ByteReader.of(bytes);
  expect(reader.slice(reader.uint32())).toMatchObject({ bytes, start: 4, end: 6 });
});

describe('a slice', () => {
  it.each([0, 1, 3, 4, 511, 512, 513, 2_000])('of %i bytes is copied as it is', (length) => {
    const bytes = Uint8Array.from({ length: length + 3 }, (_, index) => index % 251);
    const { view } = sliceOf(bytes);
    const to = new Uint8Array(length + 4).fill(255);
    copySlice({ bytes, view, start: 3, end: length + 3 }, to, new DataView(to.buffer), 2);
    expect(to).toEqual(Uint8Array.from([255, 255, ...bytes.subarray(3), 255, 255]));
  });
});

describe('names', () => {
  const encoder = new TextEncoder();
  const counting = () => {
    const decoder = new TextDecoder();
    let decoded = 0;
    const names = new StringInterner({
      decode: (bytes) => {
        decoded += 1;
        return decoder.decode(bytes);
      },
    });
    const read = (name: string): string => {
      const bytes = encoder.encode(`-${name}-`);
      return names.read(bytes, 1, bytes.length - 2);
    };
    return { read, decoded: () => decoded };
  };

  it('that come again are not decoded again', () => {
    const { read, decoded } = counting();
    expect([read('in-life'), read(''), read('in-life'), read('')]).toEqual(['in-life', '', 'in-life', '']);
    expect(decoded()).toBe(2);
  });

  it('that take the same place, or are too long for one, are told apart', () => {
    const { read } = counting();
    const many = Array.from({ length: 5_000 }, (_, index) => `state-${index}`);
    const long = [`${'x'.repeat(200)}a`, `${'x'.repeat(200)}b`];
    for (const name of [...many, ...long, ...many, ...long]) expect(read(name)).toBe(name);
  });
});
