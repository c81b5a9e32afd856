/** The end of an import: what fell due in the past, and the clock of the tenant afterwards. Each may be done again. */
import type { Instant, TenantId } from '@perennial/values';
import { pastEnds, sourceAfterwards } from './clocks';
import { firePast } from './fire-past';
import type { Ending, ImportPorts, PartitionTenant } from './ports';
import type { SignedSender } from './signed-sender';

export interface GoingLive {
  readonly tenant: TenantId;
  readonly ending: Ending;
  /** Of the history. */
  readonly newest: Instant;
  readonly ports: ImportPorts;
  readonly sender: SignedSender;
  /** An importer before has ended while the tenant went live, any time ago. */
  readonly wasGoingLive: boolean;
}

/** When everything sent is through. */
export async function fireAllPast({ tenant, ending, newest, ports, sender }: GoingLive): Promise<void> {
  await ports.engine.drained();
  for (const end of pastEnds(ending, newest, await ports.engine.tenant(tenant)))
    await firePast(tenant, end(ports.time.now()), sender, ports);
}

export async function goLive(work: GoingLive): Promise<void> {
  const { tenant, ending, newest, ports, sender, wasGoingLive } = work;
  await ports.engine.drained();
  if (wasGoingLive && isInBootstrap(await ports.engine.tenant(tenant))) await fireAllPast(work);
  const source = sourceAfterwards(ending, newest, ports.time.now(), await ports.engine.tenant(tenant));
  if (source !== null) await sender.command({ type: 'perennial.command.set-time-source.v1', tenant, source });
  await sender.command({ type: 'perennial.command.end-bootstrap.v1', tenant, customers: null });
  await ports.engine.drained();
}

/** Everywhere; a partition that is live has a clock of its own. */
const isInBootstrap = (known: readonly PartitionTenant[]): boolean =>
  known.every(({ state }) => state.bootstrap.kind === 'all');
