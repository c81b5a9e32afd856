import { InFlight } from './in-flight';

it('gives room up to its limit, and takes it back once', () => {
  const changes: number[] = [];
  const room = new InFlight(10, (bytes) => changes.push(bytes));
  const share = room.enter(6);
  room.enter(4);
  expect(room.enter(1)).toBeNull();
  share?.leave();
  share?.leave();
  expect(room.enter(7)).toBeNull();
  expect(room.enter(6)).not.toBeNull();
  expect(changes).toEqual([6, 4, -6, 6]);
});

it('a share grows with what arrives beyond its first bytes while there is room, and gives all of it back', () => {
  const room = new InFlight(10, () => undefined);
  const share = room.enter(3);
  expect([share?.grow(2), share?.bytes]).toEqual([true, 3]);
  expect([share?.grow(7), share?.grow(2), share?.bytes]).toEqual([true, false, 9]);
  expect([room.fits(1), room.fits(2)]).toEqual([true, false]);
  share?.leave();
  expect([room.fits(10), share?.bytes]).toEqual([true, 0]);
});
