import { type TimeSource } from '@perennial/contracts';
import { formatInstant, type TenantId } from '@perennial/values';
import type { ClockPosition, TenantState } from '../control-state';
import { tenantTime, timeReached, wallTime } from './tenant-time';

const NOW = Date.UTC(2026, 0, 1);

describe('the time of a tenant', () => {
  it.each<[TimeSource, string]>([
    [{ kind: 'event', aheadMs: Number.MAX_SAFE_INTEGER }, '9999-12-31T23:59:59.999Z'],
    [{ kind: 'event', aheadMs: Number.MIN_SAFE_INTEGER }, '0001-01-01T00:00:00.000Z'],
    [{ kind: 'offset', base: NOW, from: 0, speed: 1e6 }, '9999-12-31T23:59:59.999Z'],
    [{ kind: 'wall' }, '2026-01-01T00:00:00.000Z'],
  ])('of the source %j is one that facts can state', (source, text) => {
    expect(formatInstant(tenantTime(source, NOW))).toBe(text);
  });
});

describe('the wall time of a deadline', () => {
  const fast = { kind: 'offset', base: NOW, from: NOW, speed: 1e6 } as const;
  const last = Date.parse('9999-12-31T23:59:59.999Z');

  it('is when the clock of the tenant reaches it', () => {
    expect(tenantTime(fast, wallTime(fast, last) ?? Number.NaN)).toBe(last);
  });
  it('is none beyond the last instant that the clock reaches: clock records would be appended for ever', () => {
    expect(wallTime(fast, last + 1)).toBeNull();
  });
});

const position = (change: Partial<ClockPosition>): ClockPosition => ({
  processor: 'lifecycle-engine',
  tenant: null,
  epoch: 1,
  counter: 1,
  at: null,
  ...change,
});
const shop = 'shop' as TenantId;
const live = position({ at: 1_000 });
const own = position({ processor: 'importer', tenant: shop, at: 70 });
const others = position({ processor: 'importer', tenant: 'other' as TenantId, at: 5_000 });
const offset = { kind: 'offset', base: 50, from: 900, speed: 2 } as const;

describe("the time that a tenant's clock has reached", () => {
  it.each<[string, Partial<TenantState>, readonly ClockPosition[], number | null]>([
    ['of a live tenant is that of the live clock records', { source: { kind: 'wall' } }, [live, others], 1_000],
    ['is mapped by the time source', { source: offset }, [live], 250],
    ['is at least that of its own clock records', { source: { ...offset, from: 990 } }, [live, own], 70],
    ['in event time is that of its own', { source: { kind: 'event', aheadMs: 0 } }, [live, own], 70],
    ['in bootstrap is that of its own', { bootstrap: { kind: 'all' } }, [live, own], 70],
    ['before the first is none', {}, [others, position({})], null],
  ])('%s', (_, change, positions, expected) => {
    const state = { tenant: shop, source: { kind: 'wall' }, bootstrap: { kind: 'off' }, ...change } as const;
    expect(timeReached(state, positions)).toBe(expected);
  });
});
