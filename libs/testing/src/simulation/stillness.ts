/** Whether nothing is left to do: everything read is committed and published, and nothing that may fire is overdue. */
import { tenantTime, type TenantState } from '@perennial/engine';
import { EPOCH } from './virtual-process';
import type { World } from './world';

export function caughtUp(world: World, now: number): boolean {
  return world.activity.every((log, partition) => {
    const { nextOffset = 0, outbox = [] } = world.store.partitions.get(partition) ?? {};
    return nextOffset === log.length && outbox.length === 0 && !overdue(world, partition, now);
  });
}

/** Says where it stands, for people. */
export function describeStall(world: World, now: number): string {
  return world.activity
    .map((log, partition) => {
      const { nextOffset = 0, outbox = [] } = world.store.partitions.get(partition) ?? {};
      const unpublished = outbox.length === 0 ? '' : `, ${outbox.length} blobs in the outbox`;
      const deadlines = overdue(world, partition, now) ? ', deadlines overdue' : '';
      return `partition ${partition} at ${nextOffset} of ${log.length}${unpublished}${deadlines}`;
    })
    .join('; ');
}

function overdue(world: World, partition: number, now: number): boolean {
  const stored = world.store.partitions.get(partition);
  return [...(stored?.deadlines ?? [])].some(([key, { tenant, due }]) => {
    const state = stored?.tenants.get(tenant);
    return state !== undefined && mayFire(state, key) && due <= tenantTime(state.source, EPOCH + now);
  });
}

function mayFire({ tenant, source, bootstrap }: TenantState, key: string): boolean {
  if (source.kind === 'event' || bootstrap.kind === 'all') return false;
  return bootstrap.kind === 'off' || !bootstrap.customers.some((customer) => key === `${tenant}:${customer}`);
}
