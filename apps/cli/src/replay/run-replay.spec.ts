import type { CustomerId, OutRecord } from '@perennial/contracts';
import type { PastActivity } from '@perennial/history';
import { readDefinition } from './read-definition';
import type { Replayed } from './run-replay';
import { runReplay } from './run-replay';

const DAY = 86_400_000;
const start = Date.UTC(2024, 0, 1);

function order(day: number, customer = 'c1'): PastActivity {
  const id = `${customer}-${day}`;
  return {
    id,
    customer: customer as CustomerId,
    type: 'track',
    event: 'Order Completed',
    at: start + day * DAY,
    properties: { total: 10, currency: 'GBP' },
  };
}

/** A history in pages of two. */
async function replayed(
  activities: readonly PastActivity[],
  until: number | null,
): Promise<Replayed & { facts: OutRecord[] }> {
  const facts: OutRecord[] = [];
  async function* pages(): AsyncGenerator<readonly PastActivity[]> {
    for (let first = 0; first < activities.length; first += 2) {
      yield await Promise.resolve(activities.slice(first, first + 2));
    }
  }
  const history = { total: activities.length, newest: activities.at(-1)?.at ?? null, activities: pages };
  const definition = await readDefinition('retail');
  const result = await runReplay({
    definition,
    history,
    until,
    onFact: (fact) => facts.push(fact),
    onProgress: () => undefined,
  });
  return { ...result, facts };
}

function stages({ replay }: Replayed): string[] {
  return [...replay.customers()].map(({ customer, stage }) => `${customer} ${stage}`);
}

describe('A replay', () => {
  it('fires what is due at the newest activity, inclusive', async () => {
    const quietAtTheEnd = await replayed([order(0), order(60, 'c2')], null);
    const notYetQuiet = await replayed([order(0), order(59, 'c2')], null);
    expect(stages(quietAtTheEnd)).toEqual(['c1 dormancy', 'c2 activation']);
    expect(stages(notYetQuiet)).toEqual(['c1 activation', 'c2 activation']);
  });

  it('takes the clock further than the newest activity when it is told to', async () => {
    expect(stages(await replayed([order(0)], start + 59 * DAY))).toEqual(['c1 activation']);
    expect(stages(await replayed([order(0)], start + 60 * DAY))).toEqual(['c1 dormancy']);
  });

  it('ends where it is told to, inclusive, and leaves the rest out', async () => {
    const result = await replayed([order(0), order(1), order(2), order(2, 'c2'), order(3), order(4)], start + 2 * DAY);
    expect(result).toMatchObject({ read: 4, leftOut: 2, until: start + 2 * DAY });
    expect(stages(result)).toEqual(['c1 in-life', 'c2 activation']);
  });

  it('numbers facts by the activity that caused them, and the clock after the last one', async () => {
    const { facts } = await replayed([order(0), order(60, 'c2')], null);
    const ids = facts.map(({ key, headers }) => [key, headers['ce_id'], headers['ce_time']].join(' '));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toBe('default:c1 perennial.activity.v1:0:0:0 2024-01-01T00:00:00.000Z');
    expect(ids.find((id) => id.includes(':0:1:0'))).toBe(
      'default:c2 perennial.activity.v1:0:1:0 2024-03-01T00:00:00.000Z',
    );
    expect(ids.at(-1)).toMatch(/^default:c1 perennial\.activity\.v1:0:2:\d 2024-03-01T00:00:00.000Z$/);
  });

  it('of nothing gives nothing', async () => {
    expect(await replayed([], null)).toMatchObject({ read: 0, leftOut: 0, until: null, facts: [] });
  });
});
