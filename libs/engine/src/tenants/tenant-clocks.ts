/** Which tenants' clocks wall time moves, and the clock records that move them (product.md §2). */
import { type ClockNumber, clockRecord, type OutRecord, TOPIC } from '@perennial/contracts';
import type { EarliestQuery, TenantClocks } from '@perennial/processor';
import type { Instant, TenantId } from '@perennial/values';
import type { Signing } from '../signing';
import type { ClockPositions } from '../used-numbers';
import { isMovedByWall, wallTime } from './tenant-time';
import type { Tenant, Tenants } from './tenants';

const LIVE = { kind: 'live' } as const;

/** The clocks of one partition, for the processor's scheduler: one record moves all live tenants. */
export class EngineClocks implements TenantClocks {
  readonly processor = 'lifecycle-engine';

  constructor(
    private readonly partition: number,
    private readonly tenants: Tenants,
    private readonly positions: ClockPositions,
    private readonly signing: Signing,
  ) {}

  live(): readonly EarliestQuery[] {
    return liveTenants(this.tenants).map((tenant) => ({
      tenant: tenant.state.tenant,
      except: inBootstrapOnly(tenant),
    }));
  }

  wallTime(tenant: TenantId, at: Instant): Instant | null {
    return wallTime(this.tenants.get(tenant).state.source, at);
  }

  newestRead(): ClockNumber | null {
    return this.positions.newest(LIVE, this.processor);
  }

  record(at: Instant, number: ClockNumber): OutRecord {
    return this.signing.sign(clockRecord(TOPIC.activity, this.partition, { scope: LIVE, at }), number);
  }
}

/** Tenants whose clock wall time moves. */
export const liveTenants = (tenants: Tenants): Tenant[] =>
  [...tenants.all()].filter(({ state }) => isMovedByWall(state));

/** Keys that may not fire: single customers in bootstrap. */
export function inBootstrapOnly({ state: { tenant, bootstrap } }: Tenant): string[] {
  return bootstrap.kind === 'customers' ? bootstrap.customers.map((customer) => `${tenant}:${customer}`) : [];
}
