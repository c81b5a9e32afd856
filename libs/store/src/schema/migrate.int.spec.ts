import { InvalidInput } from '@perennial/values';
import { emptyDatabase, type FreshDatabase } from '@perennial/testing';
import { Client } from 'pg';
import { migrate } from './migrate';
import { migrationNames } from './migrations/all';

let empty: FreshDatabase;
beforeEach(async () => {
  empty = await emptyDatabase();
});
afterEach(() => empty.drop());

async function run(text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: empty.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}

describe('migrate', () => {
  it('builds the schema from empty, and then has nothing to do', async () => {
    expect(await migrate(empty.url)).toEqual(migrationNames);
    expect(await migrate(empty.url)).toEqual([]);
    const tables = await run(
      "SELECT relname FROM pg_stat_user_tables WHERE relname <> 'schema_migration' ORDER BY relname",
    );
    expect(tables.map(({ relname }) => relname)).toEqual([
      'customer_state',
      'dead_letter_resolution',
      'deadline',
      'import_progress',
      'installation',
      'outbox',
      'partition_clock',
      'partition_command',
      'partition_progress',
      'partition_skip',
      'partition_tenant',
      'partition_total',
      'signed_number',
      'state_log',
      'tenant',
      'tenant_clock',
      'tenant_definition',
      'write_key',
    ]);
  });

  it('runs each migration once when several processes start together', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(empty.url)));
    expect(runs.map((names) => names.length).sort()).toEqual([0, 0, 0, 0, migrationNames.length]);
  });

  it('leaves a database alone that a newer release has migrated', async () => {
    await migrate(empty.url);
    await run("INSERT INTO schema_migration (timestamp, name) VALUES (99, 'SplitCustomers0000000000099')");
    await run("DELETE FROM schema_migration WHERE name LIKE 'TrackImports%'; DROP TABLE import_progress");
    const refused = migrate(empty.url);
    await expect(refused).rejects.toBeInstanceOf(InvalidInput);
    await expect(refused).rejects.toMatchObject({ code: 'STORE.SCHEMA_TOO_NEW' });
    await expect(refused).rejects.toThrow('SplitCustomers0000000000099');
    expect(await run("SELECT FROM pg_stat_user_tables WHERE relname = 'import_progress'")).toEqual([]);
  });

  it('says that a database cannot be reached, without the password', async () => {
    const { href } = Object.assign(new URL(empty.url), { port: '1', password: 'open-sesame' });
    const failed = migrate(href);
    await expect(failed).rejects.toMatchObject({ code: 'STORE.UNREACHABLE' });
    await expect(failed).rejects.not.toThrow('open-sesame');
  });
});
