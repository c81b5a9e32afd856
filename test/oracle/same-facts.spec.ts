import { retailByHand } from './retail-by-hand';
import { sameFacts } from './same-facts';

const facts = retailByHand().slice(0, 20);
const [first, second] = facts;
if (first === undefined || second === undefined) throw new Error('the sample gives no facts');

describe('Two runs have the same facts', () => {
  it('when customers interleave differently, and whatever depends on the run', () => {
    const stamped = facts.map((fact) => ({ ...fact, decidedAt: 'now', mode: 'live' as const, stateVersion: '0:1' }));
    const others = facts.filter(({ customer }) => customer !== first.customer);
    const own = stamped.filter(({ customer }) => customer === first.customer);
    expect(sameFacts([...others, ...own], facts)).toEqual({ same: true });
  });

  it('unless one is missing, and the difference names it', () => {
    const result = sameFacts(facts.slice(1), facts);
    expect(result).toMatchObject({ same: false });
    expect(result).toHaveProperty('difference', expect.stringContaining(`customer ${first.customer}, fact 1:`));
  });

  it('unless one is too many', () => {
    const result = sameFacts([...facts, { ...first, customer: 'nobody' }], facts);
    expect(result).toHaveProperty('difference', expect.stringContaining('expected no such fact'));
  });

  it('unless a cause differs', () => {
    const other = { ...first, cause: { kind: 'entry' as const, signal: null, activityId: 'other' } };
    expect(sameFacts([other, second], [first, second])).toMatchObject({ same: false });
  });

  it('unless one corrects other sequences', () => {
    const correction = { group: '0:1', index: 0, of: 1, replaces: [1], retracted: true };
    const elsewhere = { ...correction, group: '7:9' };
    expect(sameFacts([{ ...first, correction }], [first])).toMatchObject({ same: false });
    expect(sameFacts([{ ...first, correction }], [{ ...first, correction: elsewhere }])).toEqual({ same: true });
  });
});
