/**
 * Tenants that were created, in the database of partition 0.
 *
 * 1. `default` is always there.
 * 2. There are at most {@link MAX_TENANTS}, also when several are created at once.
 */
import { DEFAULT_TENANT, type Instant, type TenantId } from '@perennial/values';
import type { Database } from '../postgres/database';
import { now, type TenantRow, TenantTable } from '../schema/entities';

/** Bounds what collectors and `perennial tenant list` read. */
export const MAX_TENANTS = 1_000;

export interface CreatedTenant {
  readonly name: TenantId;
  readonly createdAt: Instant;
  readonly createdBy: string;
}

export interface Tenants {
  /** `exists`, `full`: nothing was done. */
  create(name: TenantId, by: string): Promise<'created' | 'exists' | 'full'>;
  /** By name. The log may know others: see `Reports.tenants`. */
  all(): Promise<readonly CreatedTenant[]>;
}

export function createTenants({ cold }: Database): Tenants {
  return {
    create: (name, by) =>
      cold.transaction(async (manager) => {
        const rows = manager.getRepository(TenantTable);
        // Concurrent creations run one after the other (invariant 2).
        await rows.findOne({ where: { name: DEFAULT_TENANT }, lock: { mode: 'pessimistic_write' } });
        if (await rows.existsBy({ name })) return 'exists';
        if ((await rows.count()) >= MAX_TENANTS) return 'full';
        await rows.insert({ name, createdAt: now, createdBy: by });
        return 'created';
      }),
    all: async () => (await cold.table(TenantTable, (rows) => rows.find({ order: { name: 'ASC' } }))).map(tenantOf),
  };
}

const tenantOf = ({ name, createdAt, createdBy }: TenantRow): CreatedTenant => ({
  name: name as TenantId,
  createdAt,
  createdBy,
});
