import { Client } from 'pg';

/** Settings of the server that durability and speed depend on. */
const TOLD = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_compression',
  'shared_buffers',
  'max_wal_size',
  'checkpoint_timeout',
  'autovacuum',
];

/** A database of one run. */
export interface RunDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

let made = 0;

/** On a server that owes the disk nothing from the run before. */
export async function createDatabase(server: string): Promise<RunDatabase> {
  const name = `bench_${process.pid}_${++made}`;
  await query(server, `CREATE DATABASE ${name}`);
  await query(server, 'CHECKPOINT');
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await query(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

export async function serverSettings(server: string): Promise<Record<string, string>> {
  const text = `SELECT name, current_setting(name) AS value FROM unnest(ARRAY['${TOLD.join("','")}']) AS name`;
  const rows = await query<{ name: string; value: string }>(server, text);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** On a connection of its own. */
export async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
