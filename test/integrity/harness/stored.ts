/** What stands in the database, and what the fake database of the oracle holds, in one form. */
import { Client } from 'pg';
import type { FakeDatabase } from '@perennial/testing';

export interface Stored {
  /** `partition key` → stage, version and packed state. */
  readonly states: ReadonlyMap<string, string>;
  readonly deadlines: ReadonlyMap<string, number>;
  /** `partition tenant:name`; what stands at 0 is left out. */
  readonly totals: ReadonlyMap<string, number>;
}

export async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Of each database, one after the other. */
export async function queryAll<Row extends object>(databases: readonly { readonly url: string }[], text: string) {
  return (await Promise.all(databases.map(({ url }) => query<Row>(url, text)))).flat();
}

const pairs = `
SELECT 'state' AS kind, partition || ' ' || key AS name, stage || ' ' || version || ' ' || encode(packed, 'hex') AS value FROM customer_state
UNION ALL SELECT 'deadline', partition || ' ' || key, due::text FROM deadline
UNION ALL SELECT 'total', partition || ' ' || tenant || ':' || name, value::text FROM partition_total WHERE value <> 0`;

export async function storedIn(databases: readonly { readonly url: string }[]): Promise<Stored> {
  const rows = await queryAll<{ kind: string; name: string; value: string }>(databases, pairs);
  const of = (kind: string) => rows.filter((row) => row.kind === kind).map(({ name, value }) => [name, value] as const);
  const numbers = (kind: string) => new Map(of(kind).map(([name, value]) => [name, Number(value)]));
  return { states: new Map(of('state')), deadlines: numbers('deadline'), totals: numbers('total') };
}

export function heldBy({ partitions }: FakeDatabase): Stored {
  const all = [...partitions];
  return {
    states: new Map(
      all.flatMap(([partition, { states }]) =>
        [...states.values()].map(({ key, label, version, packed }) => [
          `${partition} ${key}`,
          `${label} ${version} ${Buffer.from(packed).toString('hex')}`,
        ]),
      ),
    ),
    deadlines: new Map(
      all.flatMap(([partition, { deadlines }]) => [...deadlines].map(([key, { due }]) => [`${partition} ${key}`, due])),
    ),
    totals: new Map(
      all.flatMap(([partition, { totals }]) =>
        [...totals].filter(([, value]) => value !== 0).map(([name, value]) => [`${partition} ${name}`, value]),
      ),
    ),
  };
}
