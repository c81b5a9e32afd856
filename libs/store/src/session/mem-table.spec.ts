import { StateRows } from '@perennial/processor';
import { aState } from '@perennial/testing';
import fc from 'fast-check';
import { MemTable } from './mem-table';

const key: fc.Arbitrary<string> = fc.constantFrom('acme:a', 'acme:b', 'acme:\u{1F600}', 'bolt:"b"', 'bolt:\uFEFF');
const row = fc.uniqueArray(
  fc.record({
    key,
    label: fc.constantFrom('in-life', 'ruht'),
    version: fc.maxSafeNat(),
    packed: fc.uint8Array({ maxLength: 300 }),
  }),
  { selector: ({ key: name }) => name },
);

it('holds the newest state of each customer, also of rows that were read back', () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 10 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 4 }),
      (rows, readBack, size) => {
        const table = new MemTable();
        rows.forEach((states, index) => {
          const encoded = StateRows.of(states.map((state) => aState(state.key, state)));
          table.add(index, readBack ? StateRows.read(encoded.bytes) : encoded);
        });
        const newest = new Map(rows.flat().map((state) => [state.key, state]));
        for (const name of ['acme:a', 'acme:b', 'nobody']) expect(table.get(name)).toEqual(newest.get(name));
        expect(new Map([...table.chunks(size)].flat().map((state) => [state.key, state]))).toEqual(newest);
        expect(table.customers).toBe(newest.size);
        expect(table.through).toBe(rows.length === 0 ? null : rows.length - 1);
      },
    ),
  );
});
