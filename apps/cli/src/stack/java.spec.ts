import { findJava, javaMajor } from './java';

it.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_402"', 8],
  ['The operation couldn’t be completed. Unable to locate a Java Runtime.', null],
])('reads the version from %j', (text, major) => {
  expect(javaMajor(text)).toBe(major);
});

it('misses Java where there is none', () => {
  expect(findJava('/nowhere')).toEqual({ kind: 'missing' });
});
