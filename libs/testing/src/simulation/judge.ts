/** Compares what a run left behind with the oracle's answer. The first difference, for people; null: none. */
import { type OutRecord, TOPIC } from '@perennial/contracts';
import type { PartitionTables } from '../fake-database/tables';
import { customersKeepOrder, deadlinesFireOnce } from './fact-rules';
import { copiesHaveNoEffect } from './signed-rules';
import { afterHighWater, greatestVersion, idOf, lineOf } from './readers';
import type { Recomputed } from './recompute';
import type { World } from './world';

export function judge(world: World, oracles: readonly Recomputed[]): string | null {
  const facts = world.written.map(({ record }) => record);
  const expected = oracles.flatMap(({ records }) => records).filter(({ topic }) => topic !== TOPIC.activity);
  const verdicts = [
    () => repeatsAreExact(facts),
    () => sameLists('facts', afterHighWater(facts), afterHighWater(expected)),
    () => staleOwnersAreSilent(world),
    () => world.staleCommits[0] ?? null,
    () => customersKeepOrder(expected),
    () => deadlinesFireOnce(expected),
    () => sameTexts('the compacted states', greatestVersion(facts), greatestVersion(expected)),
    () => forwardsArrive(world, oracles),
    () =>
      first(oracles.map((oracle, partition) => copiesHaveNoEffect(world.activity[partition] ?? [], partition, oracle))),
    () => first([...world.database.partitions].map(([partition, stored]) => deadlinesAreCounted(partition, stored))),
    () =>
      first(oracles.map(({ stored }, partition) => sameStored(partition, world.database.partition(partition), stored))),
    () => world.overlaps[0] ?? null,
  ];
  for (const verdict of verdicts) {
    const difference = verdict();
    if (difference !== null) return difference;
  }
  return null;
}

const first = (differences: readonly (string | null)[]): string | null =>
  differences.find((difference) => difference !== null) ?? null;

function repeatsAreExact(facts: readonly OutRecord[]): string | null {
  const known = new Map<string, string>();
  for (const fact of facts) {
    const id = `${fact.topic} ${idOf(fact).text}`;
    const line = lineOf(fact);
    const before = known.get(id) ?? line;
    if (before !== line) return `a repeat is not exact:\n  ${before}\n  ${line}`;
    known.set(id, line);
  }
  return null;
}

/** Once a newer owner of a partition has published, no older one does. */
function staleOwnersAreSilent({ written }: World): string | null {
  const newest = new Map<number, number>();
  for (const { record, by, epoch, at } of written) {
    const { partition } = idOf(record);
    if (epoch < (newest.get(partition) ?? 0))
      return `at ${at} ${by} published ${idOf(record).text}, though a newer owner of partition ${partition} had begun`;
    newest.set(partition, epoch);
  }
  return null;
}

function forwardsArrive({ activity }: World, oracles: readonly Recomputed[]): string | null {
  const text = (record: Pick<OutRecord, 'value' | 'headers'>, key: OutRecord['key']): string =>
    lineOf({ topic: TOPIC.activity, key, value: record.value, headers: record.headers });
  const arrived = new Set(activity.flat().map((record) => text(record, record.key)));
  for (const record of oracles.flatMap(({ records }) => records)) {
    if (record.topic !== TOPIC.activity) continue;
    if (!arrived.has(text(record, record.key))) return `never forwarded: ${lineOf(record)}`;
  }
  return null;
}

function deadlinesAreCounted(partition: number, { totals, deadlines }: PartitionTables): string | null {
  let armed = 0;
  for (const [name, value] of totals) if (name.endsWith(':deadlines')) armed += value;
  return armed === deadlines.size ? null : `partition ${partition} counts ${armed} deadlines and has ${deadlines.size}`;
}

function sameStored(partition: number, actual: PartitionTables, expected: PartitionTables): string | null {
  const of = (what: string): string => `${what} of partition ${partition}`;
  const states = (stored: PartitionTables): Map<string, string> =>
    new Map([...stored.states].map(([key, row]) => [key, `${row.label} ${row.version} ${hex(row.packed)}`]));
  const json = (rows: Iterable<readonly [string, unknown]>): Map<string, string> =>
    new Map([...rows].filter(([, value]) => value !== 0).map(([key, value]) => [key, JSON.stringify(value)]));
  return first([
    sameTexts(of('states'), states(actual), states(expected)),
    sameTexts(of('deadlines'), json(actual.deadlines), json(expected.deadlines)),
    sameTexts(of('totals'), json(actual.totals), json(expected.totals)),
    sameTexts(of('tenants'), json(actual.tenants), json(expected.tenants)),
    sameTexts(of('clocks'), json(actual.clocks), json(expected.clocks)),
    sameTexts(of('commands'), numbers(actual), numbers(expected)),
    actual.outbox.size > 0 ? `${of('outbox')}: something was never published` : null,
  ]);
}

const numbers = ({ commands }: PartitionTables): Map<string, string> =>
  new Map([...commands].map(([number, use]) => [String(number), use]));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function sameLists(
  what: string,
  actual: ReadonlyMap<string, readonly string[]>,
  expected: ReadonlyMap<string, readonly string[]>,
): string | null {
  for (const stream of new Set([...expected.keys(), ...actual.keys()])) {
    const [has, wants] = [actual.get(stream) ?? [], expected.get(stream) ?? []];
    const at = Array.from({ length: Math.max(has.length, wants.length) }, (_, index) => index).find(
      (index) => has[index] !== wants[index],
    );
    if (at !== undefined) return differs(`${what}, ${stream}, number ${at}`, has[at], wants[at]);
  }
  return null;
}

function sameTexts(
  what: string,
  actual: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): string | null {
  for (const key of new Set([...expected.keys(), ...actual.keys()])) {
    if (actual.get(key) !== expected.get(key)) return differs(`${what}, ${key}`, actual.get(key), expected.get(key));
  }
  return null;
}

const differs = (where: string, actual: string | undefined, expected: string | undefined): string =>
  `${where}:\n  is     ${actual ?? 'missing'}\n  should ${expected ?? 'not be there'}`;
