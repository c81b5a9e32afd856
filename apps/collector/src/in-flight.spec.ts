import { InFlight } from './in-flight';

it('gives room up to its limit, and takes it back once', () => {
  const used: number[] = [];
  const room = new InFlight(10, (bytes) => used.push(bytes));
  const leave = room.enter(6);
  room.enter(4);
  expect(room.enter(1)).toBeNull();
  leave?.();
  leave?.();
  expect(room.enter(7)).toBeNull();
  expect(room.enter(6)).not.toBeNull();
  expect(used).toEqual([6, 10, 4, 10]);
});
