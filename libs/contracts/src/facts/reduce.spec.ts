import fc from 'fast-check';
import type { StageChanged } from './fact';
import { reduce } from './reduce';

function fact(sequence: number, from: string | null, to: string, more: Partial<StageChanged> = {}): StageChanged {
  const occurredAt = new Date(sequence * 1_000).toISOString();
  return {
    customer: 'c42',
    cycle: 'main',
    region: 'stage',
    sequence,
    from,
    to,
    path: `${String(from)} → ${to}`,
    occurredAt,
    decidedAt: occurredAt,
    mode: 'live',
    cause: { kind: 'activity', signal: 's', activityId: 'a' },
    definition: { name: 'retail', version: 3 },
    correction: null,
    previousStageEnteredAt: null,
    stateVersion: `2:${sequence}`,
    ...more,
  };
}
function correcting(index: number, of: number, replaces: number[], retracted = false) {
  return { correction: { group: '2:184480', index, of, replaces, retracted } };
}
function sequences(facts: readonly StageChanged[]): number[] {
  return reduce(facts).moves.map((move) => move.sequence);
}

const history = [
  fact(1, null, 'onboarding'),
  fact(2, 'onboarding', 'activation'),
  fact(3, 'contact', 'gone', { region: 'contact' }),
  fact(6, 'activation', 'in-life'),
  fact(7, 'in-life', 'dormancy'),
];

describe('the moves in effect', () => {
  it('are none of no facts', () => {
    expect(reduce([])).toEqual({ moves: [], stage: null });
  });

  it('without corrections are the facts, and the stage is where the last of the stage region led', () => {
    expect(reduce(history)).toEqual({ moves: history, stage: 'dormancy' });
    expect(reduce(history.slice(0, 3)).stage).toBe('activation');
  });

  it('lose what an empty replacement retracts, and the retraction itself (the example of the design)', () => {
    const retraction = fact(8, 'dormancy', 'in-life', correcting(0, 1, [7], true));
    expect(reduce([...history, retraction])).toEqual({ moves: history.slice(0, 4), stage: 'in-life' });
  });

  it('have the facts of a group in place of those they replace, by the time they occurred at', () => {
    const group = [
      fact(8, 'onboarding', 'in-life', { ...correcting(0, 2, [2, 6]), occurredAt: new Date(1_500).toISOString() }),
      fact(9, 'in-life', 'dormancy', { ...correcting(1, 2, [7]), occurredAt: new Date(6_500).toISOString() }),
    ];
    expect(sequences([...history, ...group])).toEqual([1, 8, 3, 9]);
  });

  it('stay as they were until a group of corrections is complete', () => {
    const first = fact(8, 'in-life', 'activation', correcting(0, 2, [7]));
    const second = fact(9, 'activation', 'in-life', correcting(1, 2, []));
    expect(reduce([...history, first])).toEqual({ moves: history, stage: 'dormancy' });
    expect(reduce([...history, first, first])).toEqual({ moves: history, stage: 'dormancy' });
    expect(reduce([...history, first, second])).toMatchObject({ stage: 'in-life' });
    expect(sequences([...history, first, second])).toEqual([1, 2, 3, 6, 8, 9]);
  });

  it('may be corrected again: what was replaced stays replaced', () => {
    const first = fact(8, 'activation', 'retention', correcting(0, 1, [7]));
    const second = fact(9, 'retention', 'in-life', {
      correction: { group: '2:200000', index: 0, of: 1, replaces: [8], retracted: true },
    });
    expect(reduce([...history, first, second])).toEqual({ moves: history.slice(0, 4), stage: 'in-life' });
  });
});

/** A history of moves and correction groups as an engine may write it: each group replaces sequences before it. */
const logs = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 3 }),
      corrects: fc.boolean(),
      retracted: fc.boolean(),
      back: fc.array(fc.nat(20)),
    }),
    { maxLength: 12 },
  )
  .map((steps) => {
    const log: StageChanged[] = [];
    for (const { size, corrects, retracted, back } of steps) {
      const first = log.length + 1;
      const of = retracted ? 1 : size;
      const replaces = [...new Set(back.map((n) => first - 1 - n).filter((n) => n > 0))];
      for (let index = 0; index < of; index++) {
        const correction = { group: `2:${first}`, index, of, replaces: index === 0 ? replaces : [], retracted };
        log.push(fact(first + index, 'a', 'b', { correction: corrects && first > 1 ? correction : null }));
      }
    }
    return log;
  });

describe('the fold', () => {
  it('gives the same for any order of arrival and any repeats', () => {
    fc.assert(
      fc.property(
        logs.chain((log) =>
          fc.tuple(fc.constant(log), fc.shuffledSubarray([...log, ...log, ...log], { minLength: 2 * log.length })),
        ),
        ([log, arrived]) => {
          const all = [...log, ...arrived].toReversed();
          expect(reduce(all)).toEqual(reduce(log));
        },
      ),
    );
  });

  it('keeps exactly what is neither replaced nor a retraction, once all groups are complete', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const replaced = log.flatMap((move) => move.correction?.replaces ?? []);
        const kept = log.filter((move) => !replaced.includes(move.sequence) && move.correction?.retracted !== true);
        expect(sequences(log)).toEqual(kept.map((move) => move.sequence));
      }),
    );
  });

  it('takes a group as a whole or not at all, however far a reader has come', () => {
    fc.assert(
      fc.property(logs, fc.nat(40), (log, length) => {
        const read = log.slice(0, length);
        const last = read.at(-1)?.correction;
        const open = last !== null && last !== undefined && last.index + 1 < last.of;
        const closed = open ? read.filter((move) => move.correction?.group !== last.group) : read;
        expect(reduce(read)).toEqual(reduce(closed));
      }),
    );
  });
});
