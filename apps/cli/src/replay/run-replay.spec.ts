import type { CustomerId } from '@perennial/values';
import type { Sheet, TimedActivity } from '@perennial/history';
import fc from 'fast-check';
import { shareHere } from './share-thread';
import { readDefinition } from '../definition/definition-file';
import { type Replayed, runReplay } from './run-replay';
import type { Share } from './share-replay';

const DAY = 86_400_000;
const start = Date.UTC(2024, 0, 1);

function order(day: number, customer = 'c1'): TimedActivity {
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

/** A history in pages of two, shared out by customer. */
function historyOf(activities: readonly TimedActivity[]): Parameters<typeof runReplay>[0]['history'] {
  return {
    total: activities.length,
    newest: activities.at(-1)?.at ?? null,
    countThrough: (end) => Promise.resolve(activities.filter(({ at }) => at <= end).length),
    pages: async function* ({ through, shares = 1 }) {
      for (let first = 0; first < activities.length; first += 2) {
        const page = activities.slice(first, first + 2).map((activity, row) => ({ activity, place: first + row }));
        const sheets = new Map<number, Sheet>();
        for (let share = 0; share < shares; share++) {
          const dealt = page.filter(
            ({ activity: { customer, at } }) => Number(customer.slice(1)) % shares === share && at <= (through ?? at),
          );
          if (dealt.length > 0) sheets.set(share, sheetOf(dealt));
        }
        yield await Promise.resolve({ sheets, refuse: () => Promise.reject(new Error('refused')) });
      }
    },
  };
}

function sheetOf(rows: readonly { readonly activity: TimedActivity; readonly place: number }[]): Sheet {
  const each = (text: (activity: TimedActivity) => string): string[] => rows.map(({ activity }) => text(activity));
  return {
    rows: rows.length,
    places: rows.map(({ place }) => place).join(' '),
    numbers: '',
    customers: each(({ customer }) => customer).join('\0'),
    instants: each(({ at }) => String(at)).join(' '),
    types: 'track',
    events: each(({ event }) => event ?? '').join('\0'),
    ids: each(({ id }) => id ?? '').join('\0'),
    properties: each(({ properties }) => JSON.stringify(properties)).join(','),
  };
}

interface Written {
  readonly facts: string[];
  readonly states: string[];
}

async function replayed(
  activities: readonly TimedActivity[],
  until: number | null,
  { workers = 1, files = true, wrap = (share: Share): Share => share } = {},
): Promise<Replayed & Written> {
  const facts: string[] = [];
  const states: string[] = [];
  const definition = await readDefinition('retail');
  const result = await runReplay(
    {
      history: historyOf(activities),
      until,
      onFacts: files ? (lines) => facts.push(...lines.split('\n')) : null,
      onStates: files ? (line) => states.push(line) : null,
      onProgress: () => undefined,
    },
    async (job) => Promise.all(Array.from({ length: workers }, async () => wrap(await shareHere(definition, job)))),
  );
  return { ...result, facts, states };
}

function stages({ states }: Written): string[] {
  return states
    .map((line) => JSON.parse(line) as { customer: string; stage: string })
    .map(({ customer, stage }) => `${customer} ${stage}`);
}

describe('A replay', () => {
  it('fires what is due at the newest activity, inclusive', async () => {
    const quietAtTheEnd = await replayed([order(0), order(60, 'c2')], null);
    const notYetQuiet = await replayed([order(0), order(59, 'c2')], null);
    expect(stages(quietAtTheEnd)).toEqual(['c1 dormancy', 'c2 activation']);
    expect(stages(notYetQuiet)).toEqual(['c1 activation', 'c2 activation']);
  });

  it('takes the clock to the newest row, also when the catalogue does not know it', async () => {
    const gossip = { ...order(60, 'c2'), event: 'Gossip' };
    expect(stages(await replayed([order(0), gossip], null))).toEqual(['c1 dormancy']);
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
    const said = facts.map((line) => JSON.parse(line) as { key: string; value: Record<string, string> });
    const versions = said.map(({ key, value }) => [key, value['stateVersion'] ?? value['version']].join(' '));
    expect([...new Set(versions)]).toEqual(['default:c1 0:0', 'default:c2 0:1', 'default:c1 0:2']);
    expect(said.filter(({ value }) => 'decidedAt' in value).at(-1)?.value['decidedAt']).toBe(
      '2024-03-01T00:00:00.000Z',
    );
  });

  it('of nothing gives nothing', async () => {
    expect(await replayed([], null)).toMatchObject({ read: 0, leftOut: 0, until: null, facts: [], states: [] });
  });
});

/** Who, after how many days, and what. */
const happening = fc.tuple(fc.nat(6), fc.nat(70), fc.constantFrom('Order Completed', 'Order Refunded', 'unknown'));

describe('A replay by several workers', () => {
  it('writes and counts exactly what one does, whatever the history and the clock', async () => {
    const histories = fc.array(happening, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(histories, fc.option(fc.nat(2_000)), async (happenings, lastDay) => {
        let day = 0;
        const activities = happenings.map(([who, days, event]) => ({ ...order((day += days), `c${who}`), event }));
        const until = lastDay === null ? null : start + lastDay * DAY;
        const alone = await replayed(activities, until);
        for (const workers of [2, 3]) expect(await replayed(activities, until, { workers })).toEqual(alone);
      }),
      { numRuns: 60 },
    );
  });

  it('counts the same when customers come one after another and are let go of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 40 }), fc.constantFrom(1, 3), async (happenings, workers) => {
        let day = 0;
        const activities = happenings.map(([who, days, event]) => ({ ...order((day += days), `c${who}`), event }));
        const byCustomer = activities.toSorted((a, b) => a.customer.localeCompare(b.customer));
        const clock = start + 3_000 * DAY;
        const { summary } = await replayed(activities, clock);
        expect((await replayed(byCustomer, clock, { files: false, workers })).summary).toEqual(summary);
      }),
      { numRuns: 60 },
    );
  });

  it('fails with the error of a worker that fails, and closes all', async () => {
    let closed = 0;
    const failing = (share: Share): Share => ({
      ...share,
      take: () => Promise.reject(new Error('the disk of worker 2 is full')),
      close: () => Promise.resolve(void (closed += 1)),
    });
    await expect(replayed([order(0), order(1), order(2)], null, { workers: 2, wrap: failing })).rejects.toThrow(
      'the disk of worker 2 is full',
    );
    expect(closed).toBe(2);
  });

  it('refuses the page that a worker cannot read', async () => {
    const blind = (share: Share): Share => ({ ...share, take: () => Promise.resolve(null) });
    await expect(replayed([order(0)], null, { workers: 2, wrap: blind })).rejects.toThrow('refused');
  });
});
