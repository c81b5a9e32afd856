/** Guarantees, each broken on purpose by a wrapper around one port. */
import { type OutRecord, written } from '@perennial/contracts';
import { decodeOutbox, type EngineStore, type EngineCommit, type EngineSession } from '@perennial/engine';
import { StateRows } from '@perennial/processor';
import { type Bound, type Database, HOT_STATEMENTS } from '@perennial/store';
import { aStoreWith, type FakeDatabase, type Ports, type Sabotage } from '@perennial/testing';
import { EngineOfEachClaim } from './engine-of-each-claim';
import { forgetsByPartition, releasesLate } from './forgetful-store';

/** Statements of all transactions, changed within the database. */
const statements = (change: (bound: Bound<unknown>, database: FakeDatabase) => Bound<unknown>): Sabotage => ({
  database: (honest): Database => ({
    query: (bound) => honest.query(bound),
    transaction: (all) => honest.transaction(all.map((bound) => change(bound, honest)) as unknown as typeof all),
    cold: honest.cold,
    ping: () => honest.ping(),
    close: () => honest.close(),
  }),
});
const ports = (broken: (ports: Ports) => Partial<Ports>): Sabotage => ({
  ports: (honest) => ({ ...honest, ...broken(honest) }),
});
const store = (broken: (honest: EngineStore, ports: Ports) => EngineStore): Sabotage =>
  ports((honest) => ({ store: broken(honest.store, honest) }));
const sessions = (broken: (session: EngineSession) => Partial<EngineSession>): Sabotage =>
  store((honest) => aStoreWith(honest, broken));
const commits = (change: (commit: EngineCommit) => EngineCommit): Sabotage =>
  sessions((session) => ({ commit: (commit) => session.commit(change(commit)) }));

/** What the fence compares, changed to what it finds. */
const fence = (compares: { readonly epoch: boolean; readonly offset: boolean }): Sabotage =>
  statements((bound, database) => {
    if (bound.name !== HOT_STATEMENTS.advanceProgress.name) return bound;
    const [partition = 0, epoch = 0, expected = 0, next = 0] = bound.values.map(Number);
    const found = database.partition(partition);
    const from = compares.offset ? expected : found.nextOffset;
    const through = compares.offset ? next : Math.max(next, from + 1);
    return { ...bound, values: [partition, compares.epoch ? epoch : found.epoch, from, through] };
  });

/** Publishes what a commit would, and commits then. */
function publishFirst({ store: honest, publisher }: Ports): Partial<Ports> {
  const broken = (session: EngineSession): Partial<EngineSession> => ({
    commit: async (wanted) => {
      if (wanted.outbox !== null) await publisher.publish(decodeOutbox(wanted.outbox.bytes));
      return session.commit(wanted);
    },
  });
  return { store: aStoreWith(honest, broken) };
}

let attempts = 0;
const stamped = (record: OutRecord): OutRecord => ({
  ...record,
  headers: [...record.headers, { name: 'sent-as', value: String(++attempts) }],
});

export const BROKEN: Readonly<Record<string, Sabotage>> = {
  'facts are published before they are committed': ports(publishFirst),
  'a commit compares no epoch': fence({ epoch: false, offset: true }),
  'a commit compares no offset': fence({ epoch: true, offset: false }),
  'a commit compares nothing': fence({ epoch: false, offset: false }),
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
  'a new owner is not told of the outbox': sessions(({ claim }) => ({ claim: { ...claim, outbox: [] } })),
  'a new owner does not wait for the lease of the former one': sessions(({ claim }) => ({
    claim: { ...claim, released: true },
  })),
  'a new owner is not told which commands were obeyed': sessions(({ claim }) => ({
    claim: { ...claim, numbers: { ...claim.numbers, commands: [] } },
  })),
  'a new owner is not told which clock records were obeyed': sessions(({ claim }) => ({
    claim: { ...claim, numbers: { ...claim.numbers, clocks: [] } },
  })),
  'a commit loses the numbers it used up': commits((commit) => ({
    ...commit,
    numbers: { clocks: [], commands: [], commandsFrom: null },
  })),
  'a lease is never lost': sessions(() => ({ renew: () => Promise.resolve('held') })),
  'deadlines are forgotten when a partition is given back': statements((bound, database) => {
    if (bound.name === HOT_STATEMENTS.releaseClaim.name) database.partition(Number(bound.values[0])).deadlines.clear();
    return bound;
  }),
  'a checkpoint removes more of the log than it has written': statements((bound) =>
    bound.name === HOT_STATEMENTS.writeStates.name
      ? { ...bound, values: [bound.values[0], [], [], [], new Uint8Array(0), [], []] }
      : bound,
  ),
  'a late release forgets the states of the newer session of the same partition': store((honest, { database }) =>
    releasesLate(forgetsByPartition(honest, database)),
  ),
  'a claim does not wait until the former session is handed over': {
    engine: (options) => new EngineOfEachClaim(options),
  },
  'a claim does not wait, and the hand-over forgets by partition number': {
    ...store((honest, { database }) => forgetsByPartition(honest, database)),
    engine: (options) => new EngineOfEachClaim(options),
  },
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
