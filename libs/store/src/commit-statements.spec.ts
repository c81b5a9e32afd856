import { ACME, aCommit, aDeadline, aState, aTenant } from '@perennial/testing';
import { commitStatements } from './commit-statements';

const claim = { epoch: 2, nextOffset: 10 };
const names = (change: Parameters<typeof aCommit>[2]) =>
  commitStatements(aCommit(0, claim, change)).map(({ name }) => name);

describe('The statements of a commit', () => {
  it('start with the fence, and are only those that are needed', () => {
    expect(names({})).toEqual(['advance-progress']);
    expect(names({ deadlines: [aDeadline('acme:x', null)] })).toEqual(['advance-progress', 'remove-deadlines']);
    expect(names({ publishedThrough: 3 })).toEqual(['advance-progress', 'remove-outbox']);
  });

  it('cover all parts of a micro-batch', () => {
    const all = names({
      states: [aState('acme:x')],
      deadlines: [aDeadline('acme:x', 5), aDeadline('acme:y', null)],
      outbox: { firstOffset: 10, bytes: Uint8Array.of(1) },
      publishedThrough: 9,
      tenants: [aTenant(ACME)],
      totals: [{ tenant: ACME, name: 'activities', delta: 1 }],
    });
    expect(all).toEqual([
      'advance-progress',
      'write-states',
      'remove-deadlines',
      'write-deadlines',
      'remove-outbox',
      'write-outbox',
      'write-tenants',
      'add-totals',
    ]);
  });

  it('name states in key order, with each its piece of the packed bytes', () => {
    const states = [
      aState('acme:b', { packed: Uint8Array.of(4, 5), version: 11 }),
      aState('acme:c', { packed: Uint8Array.of() }),
      aState('acme:a', { packed: Uint8Array.of(1, 2, 3) }),
    ];
    const [, write] = commitStatements(aCommit(0, claim, { states }));
    const [, keys, , versions, packed, starts, lengths] = write?.values ?? [];
    expect({ keys, versions, starts, lengths }).toEqual({
      keys: ['acme:a', 'acme:b', 'acme:c'],
      versions: [0, 11, 0],
      starts: [1, 4, 6],
      lengths: [3, 2, 0],
    });
    expect([...(packed as Uint8Array)]).toEqual([1, 2, 3, 4, 5]);
  });
});
