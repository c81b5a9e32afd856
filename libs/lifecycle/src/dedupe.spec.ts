import { noRecentIds, remember, repetition } from './dedupe';

const SIZE = 4;
const known = remember(noRecentIds(), 'x', 100, { size: SIZE });

describe('repetition', () => {
  it('does not look for an id that its producer states later than all before', () => {
    expect(repetition(known, 100, { id: 'x', at: 101 }, 101)).toBe('new');
  });

  it('looks for the id of what states no time: sent again, it comes with a later append time', () => {
    expect(repetition(known, 100, { id: 'x', at: null }, 101)).toBe('duplicate');
    expect(repetition(known, 100, { id: 'y', at: null }, 101)).toBe('new');
  });

  it('looks for the id of what had its time corrected: sent again, it is corrected to another', () => {
    expect(repetition(known, 100, { id: 'x', at: 101, corrected: true }, 101)).toBe('duplicate');
    expect(repetition(known, 100, { id: 'y', at: 101, corrected: true }, 101)).toBe('new');
  });

  it('takes nothing later than all before for unverifiable, whatever was forgotten', () => {
    let ring = known;
    for (let n = 0; n < SIZE; n++) ring = remember(ring, `m${n}`, 200, { size: SIZE });
    expect(repetition(ring, 200, { id: 'x', at: null }, 201)).toBe('new');
    expect(repetition(ring, 200, { id: 'x', at: 100 }, 100)).toBe('unverifiable');
  });
});
