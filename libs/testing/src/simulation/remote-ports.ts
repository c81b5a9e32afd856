/** The engine's ports as a process has them: over the network, each request with a fate of its own. */
import { type OutRecord, written } from '@perennial/contracts';
import type { EngineStore, Publisher } from '@perennial/engine';
import type { Chance } from './chance';
import type { Link, Network } from './network';
import type { VirtualProcess } from './virtual-process';

/** A statement whose client has given up may still run so long after it was sent. */
const LATEST_STATEMENT_MS = 1_000;

export function remoteStore(from: VirtualProcess, store: EngineStore, network: Network, link: Link): EngineStore {
  const ask = <T>(label: string, effect: () => Promise<T>): Promise<T> =>
    network.request(from, { label, link, lateMs: LATEST_STATEMENT_MS, effect });
  return {
    claim: (partition, owner) => ask(`claim ${partition}`, () => store.claim(partition, owner)),
    load: (partition, keys) => ask(`load ${partition}`, () => store.load(partition, keys)),
    due: (partition, queries, limit) => ask(`due ${partition}`, () => store.due(partition, queries, limit)),
    earliest: (partition, queries) => ask(`earliest ${partition}`, () => store.earliest(partition, queries)),
    commit: (commit) =>
      ask(`commit ${commit.partition} ${commit.expectedOffset}-${commit.nextOffset} epoch ${commit.epoch}`, () =>
        store.commit(commit),
      ),
    renew: (partition, epoch) => ask(`renew ${partition} epoch ${epoch}`, () => store.renew(partition, epoch)),
    release: (partition, epoch, through) =>
      ask(`release ${partition} epoch ${epoch}`, () => store.release(partition, epoch, through)),
    rest: (partition, through) =>
      ask(`rest ${partition} through ${through ?? 'none'}`, () => store.rest(partition, through)),
  };
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
): Publisher {
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
