/** Whether nothing is left to do: everything read is committed and published, and nothing that may fire is overdue. */
import { tenantTime, type TenantState } from '@perennial/engine';
import { EPOCH } from './virtual-process';
import type { World } from './world';

export function caughtUp(world: World, now: number): boolean {
  return world.activity.every((log, partition) => {
    const { nextOffset, outbox } = world.database.partition(partition);
    return nextOffset === log.length && outbox.size === 0 && !overdue(world, partition, now);
  });
}

/** Says where it stands, for people. */
export function describeStall(world: World, now: number): string {
  return world.activity
    .map((log, partition) => {
      const { nextOffset, outbox } = world.database.partition(partition);
      const unpublished = outbox.size === 0 ? '' : `, ${outbox.size} blobs in the outbox`;
      const deadlines = overdue(world, partition, now) ? ', deadlines overdue' : '';
      return `partition ${partition} at ${nextOffset} of ${log.length}${unpublished}${deadlines}`;
    })
    .join('; ');
}

function overdue(world: World, partition: number, now: number): boolean {
  const { deadlines, tenants } = world.database.partition(partition);
  return [...deadlines].some(([key, { tenant, due }]) => {
    const state = tenants.get(tenant);
    return state !== undefined && mayFire(state, key) && due <= tenantTime(state.source, EPOCH + now);
  });
}

function mayFire({ tenant, source, bootstrap }: TenantState, key: string): boolean {
  if (source.kind === 'event' || bootstrap.kind === 'all') return false;
  return bootstrap.kind === 'off' || !bootstrap.customers.some((customer) => key === `${tenant}:${customer}`);
}
