import type { TimeSource } from '@perennial/contracts';
import type { Instant } from '@perennial/values';
import type { ClockPosition, TenantState } from '../control-state';

/** Facts can state instants of the years 1 to 9999: whatever its source says, a tenant's time goes no further. */
const [FIRST, LAST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/** The tenant's time at an instant of wall time. */
export const tenantTime = (source: TimeSource, wall: Instant): Instant =>
  Math.max(FIRST, Math.min(LAST, mapped(source, wall)));

function mapped(source: TimeSource, wall: Instant): Instant {
  switch (source.kind) {
    case 'wall':
      return wall;
    case 'event':
      return wall + source.aheadMs;
    case 'offset':
      return source.base + Math.floor(Math.max(0, wall - source.from) * source.speed);
  }
}

/** The wall time at which a live tenant's clock reaches `at`; null when it never does by itself. */
export function wallTime(source: TimeSource, at: Instant): Instant | null {
  if (at > LAST) return null;
  switch (source.kind) {
    case 'wall':
      return at;
    case 'event':
      return null;
    case 'offset':
      return source.speed === 0 ? null : source.from + Math.ceil(Math.max(0, at - source.base) / source.speed);
  }
}

/** Whether wall time moves the tenant's clock. */
export const isMovedByWall = ({ source, bootstrap }: Pick<TenantState, 'source' | 'bootstrap'>): boolean =>
  source.kind !== 'event' && bootstrap.kind !== 'all';

/** The tenant's time at the newest clock records of its partition; null before the first. Wall time moves those that are live. */
export function timeReached(
  { tenant, ...state }: Pick<TenantState, 'tenant' | 'source' | 'bootstrap'>,
  positions: readonly ClockPosition[],
): Instant | null {
  const live = isMovedByWall(state);
  const times = positions.flatMap(({ tenant: of, at }) => {
    if (at === null) return [];
    if (of === null) return live ? [tenantTime(state.source, at)] : [];
    return of === tenant ? [at] : [];
  });
  return times.length === 0 ? null : Math.max(...times);
}

const FUTURE_TOLERATED = 5 * 60_000;
const FUTURE_REFUSED = 24 * 3_600_000;

/** When an activity takes effect: as stated, or at its append time when it is stated too far ahead; null: refused. */
export function effectiveTime(stated: Instant, appended: Instant): Instant | null {
  if (stated <= appended + FUTURE_TOLERATED) return stated;
  return stated <= appended + FUTURE_REFUSED ? appended : null;
}
