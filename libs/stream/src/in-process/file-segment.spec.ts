import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { FileSegment } from './file-segment';
import { type Entry, MemorySegment, type Segment } from './segment';

const ALL = { records: 1000, bytes: Infinity };
const bytes = fc.option(fc.uint8Array({ maxLength: 40 }));
const entry: fc.Arbitrary<Entry> = fc.record({
  timestamp: fc.integer({ min: 0 }),
  key: bytes,
  value: bytes,
  headers: fc.array(
    fc.record({
      name: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant(Uint8Array.of(0xff, 0xfe))),
      value: bytes,
    }),
    { maxLength: 3 },
  ),
});

const newPath = () => join(mkdtempSync(join(tmpdir(), 'perennial-segment-')), '0.log');
const plain = (segment: Segment) =>
  segment.count === 0
    ? []
    : segment.read(0, ALL).map((record) => ({
        ...record,
        key: record.key && [...record.key],
        value: record.value && [...record.value],
        headers: record.headers.map(({ name, value }) => [[...Buffer.from(name as string)], value && [...value]]),
      }));
const text = (value: string): Entry => ({ timestamp: 1, key: null, value: Buffer.from(value), headers: [] });

describe('A log file', () => {
  it('gives back what was appended, at once and after it was opened again', () => {
    fc.assert(
      fc.property(fc.array(fc.array(entry, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), (appends) => {
        const path = newPath();
        const file = new FileSegment(path);
        const memory = new MemorySegment();
        for (const entries of appends) {
          file.append(entries);
          memory.append(entries);
        }
        expect(plain(file)).toEqual(plain(memory));
        file.close();
        const again = new FileSegment(path);
        expect(plain(again)).toEqual(plain(memory));
        expect(again.lastTimestamp).toBe(memory.lastTimestamp);
        again.close();
      }),
      { numRuns: 50 },
    );
  });

  it('keeps, whatever the byte at which the process was killed, every whole record and no other (invariant 1)', () => {
    const path = newPath();
    const file = new FileSegment(path);
    const ends = ['a', 'bb', '', 'dddd'].map((value) => {
      file.append([text(value)]);
      return readFileSync(path).length;
    });
    file.close();
    const whole = readFileSync(path);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      writeFileSync(path, whole);
      truncateSync(path, cut);
      const again = new FileSegment(path);
      expect(again.count).toBe(ends.filter((end) => end <= cut).length);
      again.append([text('next')]);
      again.close();
      const last = new FileSegment(path);
      expect(plain(last).at(-1)?.value).toEqual([...Buffer.from('next')]);
      last.close();
    }
  });

  it('cuts off a last record that was written wrongly, and refuses damage before it (invariant 2)', () => {
    const path = newPath();
    const file = new FileSegment(path);
    file.append([text('first'), text('last')]);
    file.close();
    const whole = readFileSync(path);
    const damaged = (at: number) => {
      const copy = Buffer.from(whole);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      writeFileSync(path, copy);
      return () => new FileSegment(path);
    };
    const lastOpened = damaged(whole.length - 1)();
    expect(lastOpened.count).toBe(1);
    lastOpened.close();
    expect(damaged(10)).toThrow(/damaged at byte 0, record 0/);
  });

  it('refuses a file that is none of its own', () => {
    const path = newPath();
    appendFileSync(path, Buffer.alloc(64));
    expect(() => new FileSegment(path)).toThrow(/damaged/);
  });
});

describe.each([
  ['in memory', () => new MemorySegment()],
  ['in a file', () => new FileSegment(newPath())],
])('A segment %s', (_, open) => {
  it('reads no more than asked for, and at least one record', () => {
    const segment = open();
    segment.append([text('x'.repeat(100)), text('x'.repeat(100)), text('x'.repeat(100))]);
    const read = (from: number, records: number, size: number) =>
      segment.read(from, { records, bytes: size }).map(({ offset }) => offset);
    expect(read(0, 2, Infinity)).toEqual([0, 1]);
    expect(read(1, 9, Infinity)).toEqual([1, 2]);
    expect(read(0, 9, 10)).toEqual([0]);
    expect(read(0, 9, 290)).toEqual([0, 1]);
    segment.close();
  });

  it('does not change with the bytes of its sender', () => {
    const segment = open();
    const value = Buffer.from('mine');
    segment.append([{ timestamp: 1, key: null, value, headers: [] }]);
    value.fill(0);
    expect(plain(segment)[0]?.value).toEqual([...Buffer.from('mine')]);
    segment.close();
  });
});
