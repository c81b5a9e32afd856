/** Which deadlines a clock record fires, and whether it may (product.md §2). */
import type { Clock, LogRecord, Poison } from '@perennial/contracts';
import type { Instant, TenantId } from '@perennial/values';
import type { DueQuery } from './ports';
import type { Tenant, Tenants } from './tenants';
import { isMovedByWall, tenantTime, wallTime } from './tenant-time';

/** The tenants a clock record speaks to, each with its time; a poison when it speaks to one that keeps its own time. */
export function dueQueries(clock: Clock, record: LogRecord, tenants: Tenants): readonly DueQuery[] | Poison {
  if (clock.scope.kind === 'live') {
    const wall = effectiveAt(clock, record);
    return [...tenants.all()].filter(isLive).map((tenant) => query(tenant, tenantTime(tenant.state.source, wall)));
  }
  const tenant = tenants.get(clock.scope.tenant);
  const { source, bootstrap } = tenant.state;
  if (source.kind !== 'event' && bootstrap.kind === 'off') return keepsOwnTime;
  return [{ tenant: tenant.state.tenant, through: clock.at, except: [] }];
}

/** When a clock record takes effect: that of live tenants no later than it was appended. */
export const effectiveAt = ({ scope, at }: Clock, { timestamp }: LogRecord): Instant =>
  scope.kind === 'live' ? Math.min(at, timestamp) : at;

/** The wall time of the earliest deadline of live tenants; null: none. */
export function earliestWall(tenants: Tenants, earliest: ReadonlyMap<TenantId, Instant>): Instant | null {
  let next: Instant | null = null;
  for (const [id, due] of earliest) {
    const wall = wallTime(tenants.get(id).state.source, due);
    if (wall !== null && (next === null || wall < next)) next = wall;
  }
  return next;
}

/** Live tenants, to be asked for their earliest deadline. */
export const liveQueries = (tenants: Tenants): Omit<DueQuery, 'through'>[] =>
  [...tenants.all()].filter(isLive).map((tenant) => ({ tenant: tenant.state.tenant, except: exceptOf(tenant) }));

/** Whether wall time moves the tenant's clock. */
export const isLive = ({ state }: Tenant): boolean => isMovedByWall(state);

const query = (tenant: Tenant, through: Instant): DueQuery => ({
  tenant: tenant.state.tenant,
  through,
  except: exceptOf(tenant),
});

function exceptOf({ state: { tenant, bootstrap } }: Tenant): string[] {
  return bootstrap.kind === 'customers' ? bootstrap.customers.map((customer) => `${tenant}:${customer}`) : [];
}

const keepsOwnTime: Poison = {
  kind: 'poison',
  cause: 'invalid-command',
  detail:
    'the clock record is for one tenant, whose time source is live and which is not in bootstrap: only its own clock moves it',
};
