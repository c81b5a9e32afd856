import fc from 'fast-check';
import { type StateRow, StateRows } from './state-rows';

const row: fc.Arbitrary<StateRow> = fc.record({
  key: fc.constantFrom('acme:a', 'acme:b', 'acme:\u{1F600}', 'bolt:"b"', 'bolt:\uFEFF'),
  label: fc.constantFrom('in-life', 'ruht'),
  version: fc.maxSafeNat(),
  packed: fc.uint8Array({ maxLength: 300 }),
});

it('hold the last row of each key, also when they are read back', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (all) => {
      const newest = new Map(all.map((each) => [each.key, each]));
      const rows = StateRows.of(all);
      for (const found of [rows, StateRows.read(rows.bytes)]) {
        expect(new Map([...found].map((each) => [each.key, each]))).toEqual(newest);
        expect(found.length).toBe(newest.size);
      }
    }),
  );
});

it('of a layout that this release does not know are refused', () => {
  expect(() => StateRows.read(Uint8Array.of(99))).toThrow(/layout 99/);
});
