import { noRecentIds, remember, repetition } from './dedupe';

const SIZE = 4;
const known = remember(noRecentIds(), { id: 'x' }, 100, SIZE);

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

  it('knows a CloudEvent by source and id, and a message by its id alone', () => {
    const shop = { id: '1001', source: '/shop', at: 100 };
    const till = { id: '1001', source: '/pos-till-3', at: 100 };
    const bare = { id: '1001', at: 100 };
    const ring = remember(noRecentIds(), shop, 100, SIZE);
    expect([shop, till, bare].map((each) => repetition(ring, 100, each, 100))).toEqual(['duplicate', 'new', 'new']);
    const more = remember(ring, bare, 100, SIZE);
    expect([shop, till, bare].map((each) => repetition(more, 100, each, 100))).toEqual([
      'duplicate',
      'new',
      'duplicate',
    ]);
    expect(repetition(ring, 100, { id: 'p1001', source: '/sho', at: 100 }, 100)).toBe('new');
  });

  it('takes nothing later than all before for unverifiable, whatever was forgotten', () => {
    let ring = remember(noRecentIds(), { id: 'x' }, 100, SIZE);
    for (let n = 0; n < SIZE; n++) ring = remember(ring, { id: `m${n}` }, 200, SIZE);
    expect(repetition(ring, 200, { id: 'x', at: null }, 201)).toBe('new');
    expect(repetition(ring, 200, { id: 'x', at: 100 }, 100)).toBe('unverifiable');
  });
});
