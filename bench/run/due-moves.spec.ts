import { type DueGroup, DueMoves } from './due-moves';

const group: DueGroup = { name: 'burst', count: 3, dueAt: (index) => 1_000 + Math.floor(index / 2) };

/** What was taken, as customers' numbers with due instants; all in partition 0 unless told. */
function taken(...moves: readonly (readonly [index: number, at: number, partition?: number])[]): DueMoves {
  const due = new DueMoves(group);
  for (const [index, at, partition = 0] of moves) {
    const customer = `bench:burst-${index}`;
    const move = { customer, sequence: 2, from: 'a', to: 'b', cause: 'timer', activity: null, at } as const;
    due.take({ move, partition, receivedAt: 0, receivedAtWall: at + 5 });
  }
  return due;
}

describe('moves of customers who fell due', () => {
  it('are right when each comes once, at its own time, by due and key', () => {
    const due = taken([0, 1_000], [1, 1_000], [2, 1_001]);
    expect(due).toMatchObject({ count: 3, wrong: [], lateness: [5, 5, 5] });
  });

  it('are out of order when due instants or, of one instant, keys go back', () => {
    expect(taken([2, 1_001], [0, 1_000], [1, 1_000]).wrong).toEqual(['burst: 1 deadlines fired out of order']);
    expect(taken([1, 1_000], [0, 1_000], [2, 1_001]).wrong).toEqual(['burst: 1 deadlines fired out of order']);
  });

  it('have no order between partitions', () => {
    expect(taken([2, 1_001, 0], [1, 1_000, 1], [0, 1_000, 2]).wrong).toEqual([]);
  });

  it('are astray when they fire at another time than their own', () => {
    expect(taken([0, 1_000], [1, 1_000], [2, 1_002]).wrong).toEqual([
      'burst: 1 deadlines fired at another time than their own',
    ]);
  });

  it('are wrong when one comes twice', () => {
    expect(taken([0, 1_000], [1, 1_000], [1, 1_000], [2, 1_001]).wrong).toContain('burst: 1 deadlines fired too often');
  });
});
