/** Guarantees, each broken on purpose by a wrapper around one port. */
import { type OutRecord, written } from '@perennial/contracts';
import { type Commit, decodeOutbox, type EngineStore, StateRows } from '@perennial/engine';
import type { InMemoryStore, Ports, Sabotage } from '@perennial/testing';

const database = (broken: (store: InMemoryStore) => Partial<EngineStore>): Sabotage => ({
  database: (store) => ({ ...store, ...broken(store) }),
});
const commits = (change: (commit: Commit, store: InMemoryStore) => Commit): Sabotage =>
  database((store) => ({ commit: (commit) => store.commit(change(commit, store)) }));
const ports = (broken: (ports: Ports) => Partial<Ports>): Sabotage => ({
  ports: (honest) => ({ ...honest, ...broken(honest) }),
});
const store = (broken: (honest: EngineStore) => Partial<EngineStore>): Sabotage =>
  ports((honest) => ({ store: { ...honest.store, ...broken(honest.store) } }));

const epochOf = (inside: InMemoryStore, { partition, epoch }: Commit): number =>
  inside.partitions.get(partition)?.epoch ?? epoch;
const offsetOf = (inside: InMemoryStore, { partition, expectedOffset }: Commit): number =>
  inside.partitions.get(partition)?.nextOffset ?? expectedOffset;

function comparesNoOffset(commit: Commit, inside: InMemoryStore): Commit {
  const expectedOffset = offsetOf(inside, commit);
  return { ...commit, expectedOffset, nextOffset: Math.max(commit.nextOffset, expectedOffset + 1) };
}

/** Publishes what a commit would, and commits then. */
function publishFirst({ store: honest, publisher }: Ports): Partial<Ports> {
  const commit = async (wanted: Commit) => {
    if (wanted.outbox !== null) await publisher.publish(decodeOutbox(wanted.outbox.bytes));
    return honest.commit(wanted);
  };
  return { store: { ...honest, commit } };
}

let attempts = 0;
const stamped = (record: OutRecord): OutRecord => ({
  ...record,
  headers: { ...record.headers, 'sent-as': String(++attempts) },
});

export const BROKEN: Readonly<Record<string, Sabotage>> = {
  'facts are published before they are committed': ports(publishFirst),
  'a commit compares no epoch': commits((commit, inside) => ({ ...commit, epoch: epochOf(inside, commit) })),
  'a commit compares no offset': commits(comparesNoOffset),
  'a commit compares nothing': commits((commit, inside) => ({
    ...comparesNoOffset(commit, inside),
    epoch: epochOf(inside, commit),
  })),
  'a commit loses its outbox': commits((commit) => ({ ...commit, outbox: null })),
  'a commit loses its states': commits((commit) => ({ ...commit, states: StateRows.of([]) })),
  'a commit loses a total': commits((commit) => ({ ...commit, totals: commit.totals.slice(1) })),
  'deadlines that fired stay': commits((commit) => ({
    ...commit,
    deadlines: commit.deadlines.filter(({ due }) => due !== null),
  })),
  'blobs are deleted before they are published': commits((commit) => ({
    ...commit,
    publishedThrough: commit.expectedOffset - 1,
  })),
  'a new owner is not told of the outbox': store((honest) => ({
    claim: async (partition, owner) => ({ ...(await honest.claim(partition, owner)), outbox: [] }),
  })),
  'a new owner does not wait for the lease of the former one': store((honest) => ({
    claim: async (partition, owner) => ({ ...(await honest.claim(partition, owner)), released: true }),
  })),
  'a new owner is not told which commands were obeyed': store((honest) => ({
    claim: async (partition, owner) => {
      const claim = await honest.claim(partition, owner);
      return { ...claim, numbers: { ...claim.numbers, commands: [] } };
    },
  })),
  'a new owner is not told which clock records were obeyed': store((honest) => ({
    claim: async (partition, owner) => {
      const claim = await honest.claim(partition, owner);
      return { ...claim, numbers: { ...claim.numbers, clocks: [] } };
    },
  })),
  'a commit loses the numbers it used up': commits((commit) => ({
    ...commit,
    numbers: { clocks: [], commands: [], commandsFrom: null },
  })),
  'a lease is never lost': store(() => ({ renew: () => Promise.resolve('held') })),
  'deadlines are forgotten when a partition is given back': database((inside) => ({
    release: (partition, epoch, through) => {
      inside.partitions.get(partition)?.deadlines.clear();
      return inside.release(partition, epoch, through);
    },
  })),
  'a request is written in reverse': ports(({ publisher }) => ({
    publisher: { publish: (records) => publisher.publish(records.toReversed()) },
  })),
  'a failed request is taken for written': ports(({ publisher }) => ({
    publisher: { publish: (records) => publisher.publish(records).catch(() => undefined) },
  })),
  'a repeat says that it is one': ports(({ publisher }) => ({
    publisher: { publish: (records) => publisher.publish(records.map((each) => stamped(written(each)))) },
  })),
};
