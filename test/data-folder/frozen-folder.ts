/** A data folder that `npm run freeze` has made, put in place: its home, and its tables in a database of their own. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { LogRecord } from '@perennial/contracts';
import { createInProcessLog } from '@perennial/stream';
import { emptyDatabase, type FreshDatabase } from '@perennial/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATION_TABLE, migrations } from '../../libs/store/src/schema/migrations/all';

const FOLDERS = join(__dirname, '../fixtures/data-folder');

/** What freeze.js says of it. */
interface Frozen {
  /** Whose code made it. */
  readonly commit: string;
  /** Of the import half way: its columns, the rows of its input, and those that were acknowledged. */
  readonly map: string;
  readonly rows: number;
  readonly acknowledged: number;
  /** Write keys by tenant. */
  readonly keys: Readonly<Record<'default' | 'rhythm' | 'bare', string>>;
}

interface Table {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export type StoredRecord = LogRecord & { readonly partition: number };

export const frozenNames: readonly string[] = readdirSync(FOLDERS).map((file) => basename(file, '.tgz'));

export class FrozenFolder {
  private constructor(
    private readonly folder: string,
    readonly database: FreshDatabase,
    readonly frozen: Frozen,
    private readonly tables: readonly Table[],
  ) {}

  /** Puts the folder in place. The database has the schema that the folder's code knew: what came since is for `up` to bring. */
  static async open(name: string): Promise<FrozenFolder> {
    const folder = mkdtempSync(join(tmpdir(), 'perennial-frozen-'));
    execFileSync('tar', ['-xzf', join(FOLDERS, `${name}.tgz`), '-C', folder]);
    chmodSync(folder, 0o755);
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    const lines = read('tables.jsonl').trimEnd().split('\n');
    const tables = lines.map((line) => JSON.parse(line) as Table);
    const database = await emptyDatabase();
    await restore(database.url, lines, rowsOf(tables, MIGRATION_TABLE).length);
    return new FrozenFolder(folder, database, JSON.parse(read('frozen.json')) as Frozen, tables);
  }

  /** For PERENNIAL_HOME. */
  get home(): string {
    return join(this.folder, 'home');
  }

  /** Input of the import half way. */
  get past(): string {
    return join(this.folder, 'past.csv');
  }

  get key(): string {
    return readFileSync(join(this.home, 'keys/installation'), 'utf8').trim();
  }

  /** The rows of a table as they were frozen. */
  rows(table: string): Table['rows'] {
    return rowsOf(this.tables, table);
  }

  /** All records of a topic, in order per partition. One process at a time opens the files: no stack may run on them. */
  async records(topic: string): Promise<readonly StoredRecord[]> {
    const log = createInProcessLog({ directory: join(this.home, 'in-process-log'), now: Date.now });
    const ends = await log.admin().offsets(topic);
    const all: StoredRecord[] = [];
    await log.reader().read({
      topic,
      from: 'beginning',
      until: new Map(ends.map(({ partition, high }) => [partition, high])),
      batch: ({ partition, records }) => {
        for (const record of records) all.push({ ...record, partition });
      },
    });
    await log.close();
    return all;
  }

  /** Its database goes with the installation that uses it. */
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function rowsOf(tables: readonly Table[], name: string): Table['rows'] {
  return tables.find(({ table }) => table === name)?.rows ?? [];
}

/** Migrations never change: the first ones give the schema of their time. */
async function restore(url: string, lines: readonly string[], migrated: number): Promise<void> {
  const source = new DataSource({
    ...{ type: 'postgres', url, migrations: migrations.slice(0, migrated), migrationsTableName: MIGRATION_TABLE },
  });
  await source.initialize();
  await source.runMigrations();
  await source.destroy();
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // No order of tables, and no rows that migrations brought.
    await client.query('SET session_replication_role = replica');
    for (const line of lines) await fill(client, line);
    await client.query(SEQUENCES);
  } finally {
    await client.end();
  }
}

async function fill(client: Client, line: string): Promise<void> {
  const { table } = JSON.parse(line) as Table;
  if (table === MIGRATION_TABLE) return;
  await client.query(`DELETE FROM ${table}`);
  // PostgreSQL reads the line itself: JSON.parse would round its bigints, and JSON columns are kept as they were written.
  await client.query(
    `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(null::${table}, $1::json -> 'rows')`,
    [line],
  );
}

/** Identities go on after the greatest that is there. */
const SEQUENCES = `
DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT table_name AS t, column_name AS c FROM information_schema.columns
    WHERE table_schema = 'public' AND is_identity = 'YES'
  LOOP
    EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) FROM %I', found.t, found.c, found.c, found.t);
  END LOOP;
END $$`;
