import { aState } from '@perennial/testing';
import { writeStatements } from './states';

it('rows are written in key order, each with its piece of the packed bytes', () => {
  const states = [
    aState('acme:b', { packed: Uint8Array.of(4, 5), version: 11 }),
    aState('acme:c', { packed: Uint8Array.of() }),
    aState('acme:a', { packed: Uint8Array.of(1, 2, 3) }),
  ];
  const [write] = writeStatements(0, states);
  const [, keys, , versions, packed, starts, lengths] = write?.values ?? [];
  expect({ keys, versions, starts, lengths }).toEqual({
    keys: ['acme:a', 'acme:b', 'acme:c'],
    versions: [0, 11, 0],
    starts: [1, 4, 6],
    lengths: [3, 2, 0],
  });
  expect([...(packed as Uint8Array)]).toEqual([1, 2, 3, 4, 5]);
});
