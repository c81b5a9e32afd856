import { ACME, aCommit, aDeadline, aState, aTenant, type CommitChange } from '@perennial/testing';
import { commitStatements } from './commit';

const claim = { nextOffset: 10 };
const names = (change: CommitChange) => commitStatements(0, 2, aCommit(claim, change)).map(({ name }) => name);

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
      'append-state-log',
      'remove-deadlines',
      'write-deadlines',
      'remove-outbox',
      'write-outbox',
      'write-tenants',
      'add-totals',
    ]);
  });
});
