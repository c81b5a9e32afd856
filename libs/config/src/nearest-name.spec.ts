import fc from 'fast-check';
import { nearestName } from './nearest-name';

it('finds the nearest name within two edits', () => {
  expect(nearestName('KAFKA_BROKER', ['KAFKA_SSL', 'KAFKA_BROKERS'])).toBe('KAFKA_BROKERS');
  expect(nearestName('abcd', ['abxy', 'abcx'])).toBe('abcx');
  expect(nearestName('colour', ['price'])).toBeNull();
});

it('finds a name again after any one edit', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.nat(), fc.string({ maxLength: 1 }), (name, at, insert) => {
      const place = at % name.length;
      expect(nearestName(name.slice(0, place) + insert + name.slice(place + 1), [name])).toBe(name);
    }),
  );
});
