import type { TenantId } from '@perennial/values';
import { admit, chooseEnding, type TenantBefore } from './admission';

const DAY = 86_400_000;
const now = Date.UTC(2026, 0, 1);
const before = (change: Partial<TenantBefore> = {}): TenantBefore => ({
  ...{ tenant: 'acme' as TenantId, customers: 0, source: { kind: 'wall' }, partitions: [], unfinished: [] },
  ...change,
});
const endingOn = (newest: number) => ({ name: 'orders.csv', newest });
const nothing = { goLive: null, late: false };

describe('an import', () => {
  it('into a tenant with customers is refused with their number, unless it is late', () => {
    const busy = before({ customers: 4_200 });
    expect(() => {
      admit(busy, false);
    }).toThrow('Tenant acme has 4200 customers');
    expect(() => {
      admit(busy, false);
    }).toThrow('Late means: an activity older than the newest of its customer changes counts and sums');
    admit(busy, true);
  });

  it('beside another into the tenant that has sent activities is refused; late, too', () => {
    const other = { name: 'orders', input: 'orders.csv', acknowledged: 5, total: 9, phase: 'activities' } as const;
    for (const late of [true, false])
      expect(() => {
        admit(before({ unfinished: [other] }), late);
      }).toThrow('The import orders (orders.csv) into tenant acme is not done: 5 of 9 activities are sent.');
    admit(before({ unfinished: [{ ...other, phase: 'prepare' }] }), false);
  });
});

describe('an import that has sent commands only', () => {
  const wall = { state: { source: { kind: 'wall' }, bootstrap: { kind: 'off' } } } as const;
  const prepared = { state: { source: { kind: 'event', aheadMs: 0 }, bootstrap: { kind: 'all' } } } as const;

  it('is gone on with as long as the tenant is as they left it, whoever came meanwhile', () => {
    admit(before({ customers: 3, partitions: [prepared, prepared] }), false, true);
  });

  it.each([
    ['went live', [wall, wall]],
    ['went live in part', [prepared, wall]],
    ['had its bootstrap ended', [{ state: { ...prepared.state, bootstrap: { kind: 'off' } } } as const]],
    ['was set to another clock', [{ state: { ...prepared.state, source: { kind: 'wall' } } } as const]],
  ])('is refused into a tenant with customers that %s meanwhile, unless it is late', (_, partitions) => {
    const busy = before({ customers: 4_200, partitions });
    expect(() => {
      admit(busy, false, true);
    }).toThrow('Tenant acme has 4200 customers');
    admit(busy, true, true);
  });
});

describe('how a tenant lives on', () => {
  it('is wall time for a history that ends within seven days, and a question for one that ended before', () => {
    expect(chooseEnding(nothing, endingOn(now - 7 * DAY), before(), now)).toEqual({ kind: 'chosen', ending: 'wall' });
    expect(chooseEnding(nothing, endingOn(now - 7 * DAY - 1), before(), now)).toEqual({ kind: 'ask' });
  });

  it('is what was asked for', () => {
    for (const goLive of ['wall', 'offset'] as const) {
      const chosen = chooseEnding({ goLive, late: false }, endingOn(now - 700 * DAY), before(), now);
      expect(chosen).toEqual({ kind: 'chosen', ending: goLive });
    }
  });

  it('is not wall time when the history ends in the future', () => {
    const future = endingOn(now + 5 * 60_000 + 1);
    for (const goLive of ['wall', null] as const)
      expect(() => chooseEnding({ goLive, late: false }, future, before(), now)).toThrow(
        'The newest row of orders.csv is of 2026-01-01T00:05:00.001Z, later than now',
      );
    expect(chooseEnding({ goLive: 'offset', late: false }, future, before(), now)).toMatchObject({ ending: 'offset' });
    expect(chooseEnding(nothing, endingOn(now + 5 * 60_000), before(), now)).toMatchObject({ ending: 'wall' });
  });

  it('is as it was for a tenant with customers, whose own time tells what is the future', () => {
    const base = Date.UTC(2011, 0, 1);
    const offset = before({ customers: 9, source: { kind: 'offset', base, from: now - DAY, speed: 1 } });
    const late = { goLive: null, late: true };
    expect(chooseEnding(late, endingOn(base + DAY), offset, now)).toEqual({ kind: 'chosen', ending: 'late' });
    expect(() => chooseEnding(late, endingOn(base + 2 * DAY), offset, now)).toThrow(
      'later than the time of its tenant',
    );
    expect(() => chooseEnding({ ...late, goLive: 'wall' }, endingOn(base), offset, now)).toThrow('keeps its clock');
    expect(chooseEnding(late, endingOn(now), before(), now)).toEqual({ kind: 'chosen', ending: 'wall' });
  });
});
