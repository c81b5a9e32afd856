/**
 * The oracle: decides the activity log as it was written, one input after the other, in memory and without a fault; and says
 * where what engines published and stored is different.
 *
 * What is compared
 * 1. Facts, dead letters and forwarded activities that a consumer has after dropping repeats: byte for byte, ids included.
 * 2. Every repeat with what it repeats.
 * 3. Stored states, deadlines and totals.
 * 4. What a reader of `state.v1` holds that drops nothing and keeps the greatest version.
 * 5. Deadlines: none has moved or flipped anything twice.
 */
import { type LogRecord, type StageChanged, type StateFact, TOPIC } from '@perennial/contracts';
import { FakeDatabase, fakeStore, readThrough } from '@perennial/testing';
import type { Installation } from '../../e2e/installation';
import { PARTITIONS } from './filling';
import { progress } from './ground';
import { onItsWay, type Published, published, withoutRepeats } from './reading';
import { heldBy, type Stored, storedIn } from './stored';

export interface Findings {
  /** Empty: all is as it should be. The first few of each kind, for people. */
  readonly differences: readonly string[];
  /** Records that a consumer drops. */
  readonly repeats: number;
  /** After dropping repeats. */
  readonly facts: readonly Published[];
}

/** What is looked at: an installation, whatever its log is. */
export type Examined = Pick<Installation, 'databases' | 'key' | 'records'>;

const TOPICS = Object.values(TOPIC);

/** To be called when no engine runs: looks at what was read of the log, which the caller knows to be all that matters. */
export async function findings(installation: Examined): Promise<Findings> {
  const all = await publishedIn(installation);
  const expected = await recompute(await logOf(installation, await progress(installation)), installation.key);
  const facts = withoutRepeats(all);
  return {
    differences: [
      ...compareFacts(facts, expected.published),
      ...compareRepeats(all),
      ...compareStored(await storedIn(installation.databases), expected.stored),
      ...compareMaps('state.v1', latestStates(all), latestStates(expected.published)),
      ...twiceFired(facts),
    ],
    repeats: all.length - facts.length,
    facts,
  };
}

/** The facts about the event tenant's moves, for comparison with those of another run. */
export const stageChanges = ({ facts }: Findings, tenant: string): StageChanged[] =>
  facts
    .filter(({ topic, key }) => topic === TOPIC.stageChanged && key.startsWith(`${tenant}:`))
    .map((fact) => bodyOf(fact) as StageChanged);

async function publishedIn(installation: Examined): Promise<Published[]> {
  const topics = await Promise.all(
    TOPICS.map(async (topic) =>
      (await installation.records(topic)).flatMap((record) => published(topic, record.partition, record) ?? []),
    ),
  );
  return topics.flat();
}

type Log = ReadonlyMap<number, readonly LogRecord[]>;

async function logOf(installation: Examined, read: ReadonlyMap<number, number>): Promise<Log> {
  const records = await installation.records(TOPIC.activity);
  return new Map(
    [...read].map(([partition, next]) => [
      partition,
      records.filter((record) => record.partition === partition && record.offset < next),
    ]),
  );
}

async function recompute(
  log: Log,
  key: string,
): Promise<{ readonly published: readonly Published[]; readonly stored: Stored }> {
  const database = new FakeDatabase();
  const store = fakeStore(database);
  const published: Published[] = [];
  for (const [partition, records] of log) {
    const run = { key: Buffer.from(key), partitions: PARTITIONS, store, limits: { batchRecords: 1 } };
    const out = await readThrough({ records: [...records] }, partition, run);
    published.push(...out.flatMap((record) => onItsWay(record) ?? []));
  }
  return { published, stored: heldBy(database) };
}

function compareFacts(actual: readonly Published[], expected: readonly Published[]): string[] {
  const [is, should] = [bySource(actual), bySource(expected)];
  return [...new Set([...is.keys(), ...should.keys()])].flatMap((name) => {
    const [got = [], wanted = []] = [is.get(name), should.get(name)];
    const at = Array.from({ length: Math.max(got.length, wanted.length) }, (_, i) => i).find(
      (i) => got[i] !== wanted[i],
    );
    return at === undefined
      ? []
      : [`${name}, record ${at}:\n  expected ${wanted[at] ?? 'none'}\n  actual   ${got[at] ?? 'none'}`];
  });
}

/** Across sources the order within a partition is left open. */
function bySource(records: readonly Published[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { topic, partition, source, bytes } of records) {
    const name = `${topic}/${partition} from ${source}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [bytes]);
    else group.push(bytes);
  }
  return groups;
}

function compareRepeats(records: readonly Published[]): string[] {
  const first = new Map<string, string>();
  return records.flatMap(({ topic, partition, source, offset, index, bytes }) => {
    const name = `${topic}/${partition} from ${source}:${offset}:${index}`;
    const known = first.get(name);
    first.set(name, known ?? bytes);
    return known === undefined || known === bytes ? [] : [`${name} repeated otherwise:\n  ${known}\n  ${bytes}`];
  });
}

const compareStored = (actual: Stored, expected: Stored): string[] => [
  ...compareMaps('state', actual.states, expected.states),
  ...compareMaps('deadline', actual.deadlines, expected.deadlines),
  ...compareMaps('total', actual.totals, expected.totals),
];

function compareMaps<T>(what: string, actual: ReadonlyMap<string, T>, expected: ReadonlyMap<string, T>): string[] {
  return [...new Set([...actual.keys(), ...expected.keys()])]
    .filter((name) => actual.get(name) !== expected.get(name))
    .slice(0, 3)
    .map((name) => `${what} ${name}: expected ${String(expected.get(name))}, actual ${String(actual.get(name))}`);
}

function latestStates(records: readonly Published[]): Map<string, string> {
  const latest = new Map<string, Published>();
  for (const record of records.filter(({ topic }) => topic === TOPIC.state)) {
    const known = latest.get(record.key);
    if (known === undefined || versionOf(record) >= versionOf(known)) latest.set(record.key, record);
  }
  return new Map([...latest].map(([key, { value }]) => [key, value]));
}

const versionOf = (record: Published): number => Number((bodyOf(record) as StateFact).version.split(':')[1]);

function twiceFired(facts: readonly Published[]): string[] {
  const seen = new Set<string>();
  return facts
    .filter(({ topic }) => topic === TOPIC.stageChanged)
    .flatMap((fact) => {
      const { region, occurredAt, cause } = bodyOf(fact) as StageChanged;
      if (cause.kind !== 'deadline' && cause.kind !== 'after') return [];
      const name = `${fact.key} ${region} ${cause.kind} ${cause.signal ?? ''} at ${occurredAt}`;
      if (seen.has(name)) return [`${name} fired twice`];
      seen.add(name);
      return [];
    });
}

const bodyOf = ({ value }: Published): unknown => JSON.parse(Buffer.from(value, 'latin1').toString('utf8'));
