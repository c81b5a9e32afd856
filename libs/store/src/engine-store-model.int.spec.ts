/**
 * PostgreSQL and the in-memory store answer alike, whatever is asked of them: simulations on the one speak for the other.
 * PostgreSQL is asked by two owners in turn, with logs of states so short that checkpoints come all the time.
 */
import {
  inMemoryStore,
  ACME,
  aCommit,
  aDeadline,
  aState,
  BOLT,
  type FreshDatabase,
  freshDatabase,
} from '@perennial/testing';
import type { TenantId } from '@perennial/contracts';
import type { Commit, EngineStore } from '@perennial/engine';
import fc from 'fast-check';
import { type Database, openDatabase } from './database';
import { createEngineStore } from './engine-store';
import { migrate } from './migrate';
import { bind, type Statement } from './statement';

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase(migrate);
  database = openDatabase({ url: fresh.url });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

/** What a step sees of the steps before: the offset reached, and the epoch of the newest claim. */
interface Cursor {
  readonly partition: number;
  owner: 0 | 1;
  epoch: number;
  nextOffset: number;
}

/** One question to a store, as data, so that a counterexample can be read. */
type Step =
  | { readonly ask: 'claim'; readonly by: 0 | 1 }
  /** `former`: by the one that is not the owner, with what it still remembers. */
  | { readonly ask: 'rest'; readonly former: boolean }
  | ({ readonly ask: 'commit' } & CommitStep)
  | { readonly ask: 'load'; readonly keys: readonly string[] }
  | ({ readonly ask: 'due' } & DueStep);
interface CommitStep {
  readonly records: number;
  /** `stale`: of an older epoch; `behind`: from an offset already passed. */
  readonly flaw: 'none' | 'stale' | 'behind';
  readonly states: readonly (readonly [key: string, packed: Uint8Array])[];
  readonly deadlines: readonly (readonly [key: string, due: number | null])[];
  readonly totals: readonly (readonly [tenant: TenantId, delta: number])[];
  readonly published: number | null;
  readonly blob: boolean;
}
interface DueStep {
  readonly tenants: readonly TenantId[];
  readonly through: number;
  readonly except: readonly string[];
  readonly limit: number;
}

const key = fc.constantFrom('acme:a', 'acme:b', 'acme:\u{1F600}', 'acme:\uFFFD', 'bolt:a', 'bolt:"b"');
const keys = fc.uniqueArray(key, { maxLength: 4 });
const tenant = fc.constantFrom(ACME, BOLT);
const instant = fc.integer({ min: -2, max: 9 });
const perKey = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 3 });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record<Step & { ask: 'claim' }>({ ask: fc.constant('claim'), by: fc.constantFrom(0, 1) }),
  fc.record<Step & { ask: 'rest' }>({ ask: fc.constant('rest'), former: fc.boolean() }),
  {
    weight: 4,
    arbitrary: fc.record<Step & { ask: 'commit' }>({
      ask: fc.constant('commit'),
      records: fc.integer({ min: 1, max: 3 }),
      flaw: fc.constantFrom('none', 'none', 'none', 'stale', 'behind'),
      states: perKey(fc.uint8Array({ maxLength: 3 })),
      deadlines: perKey(fc.option(instant)),
      totals: fc.array(fc.tuple(tenant, fc.integer({ min: -3, max: 3 })), { maxLength: 3 }),
      published: fc.option(fc.nat(9)),
      blob: fc.boolean(),
    }),
  },
  fc.record<Step & { ask: 'load' }>({ ask: fc.constant('load'), keys }),
  fc.record<Step & { ask: 'due' }>({
    ask: fc.constant('due'),
    tenants: fc.uniqueArray(tenant, { minLength: 1 }),
    through: instant,
    except: keys,
    limit: fc.integer({ min: 1, max: 4 }),
  }),
);

type Owners = readonly [EngineStore, EngineStore];

async function answer(owners: Owners, step: Step, cursor: Cursor): Promise<unknown> {
  const { partition } = cursor;
  if (step.ask === 'claim') cursor.owner = step.by;
  const store = owners[cursor.owner];
  switch (step.ask) {
    case 'rest': {
      await owners[step.former ? ((1 - cursor.owner) as 0 | 1) : cursor.owner].rest(partition, null);
      return null;
    }
    case 'claim': {
      const { epoch, nextOffset, outbox } = await store.claim(partition, 'a');
      Object.assign(cursor, { epoch, nextOffset });
      return [epoch, nextOffset, outbox.map(({ firstOffset, bytes }) => [firstOffset, [...bytes]])];
    }
    case 'commit': {
      const commit = commitOf(step, cursor);
      const result = await store.commit(commit);
      if (result === 'committed') cursor.nextOffset = commit.nextOffset;
      return result;
    }
    case 'load': {
      const loaded = await store.load(partition, step.keys);
      return [...loaded].map(([name, bytes]) => [name, [...bytes]]).sort();
    }
    case 'due': {
      const queries = step.tenants.map((each) => ({ tenant: each, through: step.through, except: step.except }));
      const earliest = await store.earliest(partition, queries);
      return [await store.due(partition, queries, step.limit), [...earliest].sort()];
    }
  }
}

function commitOf(step: CommitStep, { partition, epoch, nextOffset }: Cursor): Commit {
  const from = nextOffset - (step.flaw === 'behind' ? 1 : 0);
  const claim = { epoch: epoch - (step.flaw === 'stale' ? 1 : 0), nextOffset: from };
  return aCommit(partition, claim, {
    // Not where the log stands already: that would be taken for a commit whose answer was lost.
    nextOffset: from + step.records + (step.flaw === 'behind' ? 1 : 0),
    states: step.states.map(([name, packed]) => aState(name, { packed, version: from })),
    deadlines: step.deadlines.map(([name, due]) => aDeadline(name, due)),
    totals: step.totals.map(([tenant, delta]) => ({ tenant, name: 'n', delta })),
    publishedThrough: step.published,
    outbox: step.blob ? { firstOffset: from, bytes: Uint8Array.of(from & 255) } : null,
  });
}

const owner = (logBytes: number): EngineStore =>
  createEngineStore(database, { random: () => 0.5, limits: { logBytes, rowsBehindMs: 60_000 } });

const rowsOf: Statement<[number], { readonly key: string; readonly version: number; readonly packed: Uint8Array }> = {
  name: 'spec-rows',
  text: 'SELECT key, version, packed FROM customer_state WHERE partition = $1',
};
const rows = async (partition: number): Promise<unknown[]> =>
  (await database.query(bind(rowsOf, partition))).map((row) => [row.key, row.version, [...row.packed]]).sort();

let partition = 0;

it('The in-memory store answers as PostgreSQL does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25 }),
      fc.integer({ min: 0, max: 99 }),
      async (steps, logBytes) => {
        partition += 1;
        const answers = async (owners: Owners): Promise<unknown[]> => {
          const cursor: Cursor = { partition, owner: 0, epoch: 0, nextOffset: 0 };
          const all = [await answer(owners, { ask: 'claim', by: 0 }, cursor)];
          for (const each of steps) all.push(await answer(owners, each, cursor));
          await owners[cursor.owner].rest(partition, null);
          return all;
        };
        const fake = inMemoryStore();
        expect(await answers([owner(logBytes), owner(logBytes)])).toEqual(await answers([fake, fake]));
        expect(await rows(partition)).toEqual(
          [...(fake.partitions.get(partition)?.states ?? [])]
            .map(([name, { version, packed }]) => [name, version, [...packed]])
            .sort(),
        );
      },
    ),
    { numRuns: 100 },
  );
});
