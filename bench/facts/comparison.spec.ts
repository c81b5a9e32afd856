import { type Comparison, describe as table, Digest, isEqual } from './comparison';

const decided = (...facts: readonly string[]) => {
  const digest = new Digest();
  for (const fact of facts) digest.add(`${fact}\n`, 1);
  return digest.decided();
};
const same: Comparison = { name: 'retail', ours: decided('a', 'b'), theirs: decided('a', 'b') };
const other: Comparison = { name: 'telecom', ours: decided('a', 'b'), theirs: decided('a', 'c') };

describe('the facts of two builds', () => {
  it('are equal byte for byte, or not', () => {
    expect([same, other].map(isEqual)).toEqual([true, false]);
  });

  it('are not, where there are none', () => {
    expect(isEqual({ name: 'none', ours: decided(), theirs: decided() })).toBe(false);
  });

  it('are shown in one table, of both where they differ', () => {
    const lines = table([same, other], { ours: 'this tree', theirs: 'e9f837e' }).split('\n');
    expect(lines.slice(1).map((line) => line.split(/ {2,}/))).toEqual([
      ['retail', '2', same.ours.sha256, 'equal'],
      ['telecom, this tree', '2', other.ours.sha256, 'DIFFERS'],
      ['telecom, e9f837e', '2', other.theirs.sha256],
    ]);
  });
});
