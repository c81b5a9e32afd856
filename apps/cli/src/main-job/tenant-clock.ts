/** The clock of an `offset` tenant stands while nothing runs: each start sets it off again from where it had come to. */
import type { TimeSource } from '@perennial/contracts';
import type { Instant, TenantId } from '@perennial/values';
import type { PartitionTenant } from '@perennial/store';
import type { Connection } from '../connection';
import { sendCommand } from '../log-producer';

/** What a tenant's partitions agree on. */
export interface TenantClock {
  readonly source: TimeSource;
  /** The newest time that any partition has seen: of a clock record, or of an activity. */
  readonly reached: Instant;
}

export async function readClock(
  { reports }: Pick<Connection, 'reports'>,
  tenant: TenantId,
): Promise<TenantClock | null> {
  const partitions = (await reports.tenants()).filter(({ state }) => state.tenant === tenant);
  const [first] = partitions;
  return first === undefined ? null : { source: first.state.source, reached: reachedBy(partitions) };
}

function reachedBy(partitions: readonly PartitionTenant[]): Instant {
  return Math.max(
    ...partitions.flatMap(({ state, clockAt }) => [
      clockAt ?? 0,
      state.newestAt ?? 0,
      state.source.kind === 'offset' ? state.source.base : 0,
    ]),
  );
}

/** The tenant's time now: what an activity sent now is stamped with. */
export async function timeNow(clock: TenantClock | null, wall: Instant): Promise<Instant> {
  const { tenantTime } = await import('@perennial/engine');
  return clock === null ? wall : tenantTime(clock.source, wall);
}

/** Lets the tenant's time run on from where it had come to, or with speed 0 stand there. */
export async function setOff(
  connection: Connection,
  tenant: TenantId,
  base: Instant,
  speed: number,
  wall: Instant,
): Promise<void> {
  const source: TimeSource = { kind: 'offset', base, from: wall, speed };
  await sendCommand(connection, { type: 'perennial.command.set-time-source.v1', tenant, source });
}
