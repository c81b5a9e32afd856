/** Database and log as a process has them: over the network, each request with a fate of its own. */
import { type OutRecord, written, type Emission } from '@perennial/contracts';
import type { Publisher } from '@perennial/processor';
import type { Bound, Database } from '@perennial/store';
import type { Chance } from './chance';
import type { Link, Network } from './network';
import type { VirtualProcess } from './virtual-process';

/** A statement whose client has given up may still run so long after it was sent. */
const LATEST_STATEMENT_MS = 1_000;

/** A query or a transaction is one request: it takes effect whole, or not at all. */
export function remoteDatabase(from: VirtualProcess, database: Database, network: Network, link: Link): Database {
  const ask = <T>(label: string, effect: () => Promise<T>): Promise<T> =>
    network.request(from, { label, link, lateMs: LATEST_STATEMENT_MS, effect });
  return {
    query: (bound) => ask(labelOf(bound), () => database.query(bound)),
    transaction: (all) => ask(all.map(labelOf).join(', '), () => database.transaction(all)),
    cold: database.cold,
    ping: () => ask('ping', () => database.ping()),
    close: () => Promise.resolve(),
  };
}

/** For the trace: which statement, and its numbers. */
function labelOf({ name, values }: Bound<unknown>): string {
  return [name, ...values.filter((value) => typeof value === 'number')].join(' ');
}

export interface ProduceRequests {
  readonly network: Network;
  readonly link: Link;
  readonly chance: Chance;
  /** After this long a request has been answered or has failed, and takes no effect any more. */
  readonly requestTimeoutMs: number;
}

/** `write` appends records in order; a request that fails may have written only the first of them. */
export function remotePublisher(
  from: VirtualProcess,
  write: (records: readonly OutRecord[], by: VirtualProcess) => Promise<void>,
  { network, link, chance, requestTimeoutMs }: ProduceRequests,
): Publisher<Emission> {
  return {
    publish: (emissions) => {
      const records = emissions.map(written);
      return network.request(from, {
        label: `publish ${records.length} to ${records[0]?.topic ?? 'nowhere'}`,
        link,
        lateMs: requestTimeoutMs - 1,
        effect: (fate) =>
          write(fate === 'answered' ? records : records.slice(0, chance.between(0, records.length)), from),
      });
    },
  };
}
