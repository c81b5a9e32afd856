import { headersOf, type LogRecord, storedHeaders } from '@perennial/contracts';
import { differences } from './compare';
import { add, count, type Move, type Moves } from './move';
import { repeats } from './read-moves';
import { Rules } from './rules';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 1);

let ids = 0;
function record(event: string, day: number, id = idOf(++ids)): string {
  return JSON.stringify({ id, event, timestamp: new Date(BEGIN + day * DAY).toISOString(), properties: {} });
}
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Partition 0, customer, then what happens. */
function movesOf(...records: readonly (readonly [customer: string | null, value: string])[]): Moves {
  const moves: Moves = new Map();
  const rules = new Rules((move) => {
    add(moves, move);
  });
  for (const [customer, value] of records) rules.take(0, customer, value);
  rules.finish();
  return moves;
}

const steps = (moves: Moves, customer = 'a'): string[] =>
  (moves.get(customer) ?? []).map(({ from, to, cause, at }) => `${from}>${to} ${cause} ${(at - BEGIN) / DAY}`);

describe("the peer's rules", () => {
  it('take a customer from the first order to the third', () => {
    const orders = [1, 2, 3].map((day) => ['a', record('order_completed', day)] as const);
    expect(steps(movesOf(['a', record('page_viewed', 0)], ...orders))).toEqual([
      'onboarding>activation event 1',
      'activation>in-life event 3',
    ]);
  });

  it('let a customer fall asleep thirty days after the last event, wake at any, and come back at an order', () => {
    const moves = movesOf(
      ['a', record('order_completed', 0)],
      ['a', record('page_viewed', 5)],
      ['a', record('order_completed', 40)],
      ['a', record('order_completed', 41)],
    );
    expect(steps(moves)).toEqual([
      'onboarding>activation event 0',
      'activation>dormancy timer 35',
      'dormancy>retention event 40',
      'retention>in-life event 41',
    ]);
  });

  it('fire what is due at the watermark of the partition in the end, also by the events of others', () => {
    expect(steps(movesOf(['a', record('order_completed', 0)], ['b', record('page_viewed', 30)]))).toEqual([
      'onboarding>activation event 0',
      'activation>dormancy timer 30',
    ]);
  });

  it('have no timer in onboarding and retention', () => {
    expect(steps(movesOf(['a', record('page_viewed', 0)], ['a', record('page_viewed', 90)]))).toEqual([]);
  });

  it('know a repeat among the last sixteen ids, and take an older one for new', () => {
    const first = record('order_completed', 0, idOf(7));
    const fillers = (n: number) => Array.from({ length: n }, () => ['a', record('page_viewed', 1)] as const);
    const third = ['a', record('order_completed', 2)] as const;
    expect(steps(movesOf(['a', first], ...fillers(15), ['a', first], third))).toHaveLength(1);
    expect(steps(movesOf(['a', first], ...fillers(16), ['a', first], third))).toHaveLength(2);
  });

  it('pass over what is not valid, without a watermark', () => {
    const broken = { id: 'x', event: 'page_viewed', timestamp: '2027-01-01T00:00:00.000Z' };
    const moves = movesOf(['a', record('order_completed', 0)], ['a', JSON.stringify(broken)], ['a', '{}']);
    expect(steps(moves)).toEqual(['onboarding>activation event 0']);
  });
});

describe('the comparison', () => {
  const expected = movesOf(
    ...[0, 1, 2].flatMap((day) => ['a', 'b'].map((name) => [name, record('order_completed', day)] as const)),
    ['b', record('page_viewed', 50)],
  );
  const damaged = (change: (moves: Move[]) => Move[], customer = 'b'): Moves =>
    new Map([...expected].map(([name, moves]) => [name, name === customer ? change([...moves]) : moves]));

  it('accepts the same, and a timer that does not tell the newest activity', () => {
    expect(count(expected)).toBe(7);
    expect(differences(expected, new Map(expected))).toEqual([]);
    const silent = damaged((moves) =>
      moves.map((move) => (move.cause === 'timer' ? { ...move, activity: null } : move)),
    );
    expect(differences(expected, silent)).toEqual([]);
  });

  it.each<[string, (moves: Move[]) => Move[]]>([
    ['a dropped move', (moves) => moves.toSpliced(1, 1)],
    ['the last move dropped', (moves) => moves.slice(0, -1)],
    ['a duplicated move', (moves) => moves.flatMap((move, index) => (index === 1 ? [move, move] : [move]))],
    ['swapped moves', ([first, second, ...rest]) => [second, first, ...rest].filter((move) => move !== undefined)],
    ['an altered time', (moves) => moves.map((move, index) => (index === 2 ? { ...move, at: move.at + 1 } : move))],
    ['an altered stage', (moves) => moves.map((move, index) => (index === 2 ? { ...move, to: 'closed' } : move))],
    ['an altered cause', (moves) => moves.map((move) => ({ ...move, cause: 'event' as const }))],
    [
      'an altered activity',
      (moves) => moves.map((move, index) => (index === 0 ? { ...move, activity: idOf(0) } : move)),
    ],
    ['an activity that is not told', (moves) => moves.map((move) => ({ ...move, activity: null }))],
    ['a gap in the sequence', (moves) => moves.map((move) => ({ ...move, sequence: move.sequence + 1 }))],
    ['an extra move', (moves) => [...moves, ...moves.slice(-1).map((move) => ({ ...move, sequence: 5 }))]],
  ])('notices %s', (_, change) => {
    expect(differences(expected, damaged(change))).toHaveLength(1);
  });

  it('notices a customer too many and one too few', () => {
    const other = new Map(expected).set('c', expected.get('a') ?? []);
    other.delete('a');
    expect(differences(expected, other)).toHaveLength(2);
  });
});

it('facts that come again are passed over, each partition by itself', () => {
  const isRepeat = repeats();
  const fact = (offset: number, index: number): LogRecord => ({
    offset: 0,
    timestamp: 0,
    key: null,
    value: null,
    headers: storedHeaders(headersOf({ ce_id: `a.topic:0:${offset}:${index}` })),
  });
  const told = [fact(5, 0), fact(5, 1), fact(7, 0), fact(5, 1), fact(7, 0), fact(7, 1)].map((record) =>
    isRepeat(record, 0),
  );
  expect(told).toEqual([false, false, false, true, true, false]);
  expect(isRepeat(fact(5, 0), 1)).toBe(false);
});
