import { InvalidInput } from '@perennial/values';
import { sourceMeanwhile } from './clocks';
import type { GoingLive } from './go-live';
import type { PartitionTenant } from './ports';

/** Puts a tenant into bootstrap and event time, and resolves when every partition has obeyed. */
export async function prepare(work: GoingLive & { readonly partitions: number }): Promise<void> {
  const { tenant, ending, newest, partitions, ports, sender } = work;
  if (ending !== 'late') {
    const source = sourceMeanwhile(ending, newest, ports.time.now());
    await sender.command({ type: 'perennial.command.set-time-source.v1', tenant, source });
  }
  await sender.command({ type: 'perennial.command.start-bootstrap.v1', tenant, customers: null });
  await ports.engine.drained();
  refuseDisobedience(await ports.engine.tenant(tenant), partitions);
}

/** The engine has read the commands; where they had no effect, its key or its database is another. */
function refuseDisobedience(known: readonly PartitionTenant[], partitions: number): void {
  const obeyed = new Set(known.filter(({ state }) => state.bootstrap.kind === 'all').map(({ partition }) => partition));
  const others = Array.from({ length: partitions }, (_, partition) => partition).filter((each) => !obeyed.has(each));
  if (others.length === 0) return;
  throw new InvalidInput(
    'IMPORT.NOT_OBEYED',
    `The engine has read the commands of the import and not obeyed them in partition ${others.join(', ')}; no activity was sent. ` +
      '`perennial dead-letter list` says why: most often PERENNIAL_KEY here is not the key of the engine.',
  );
}
