/**
 * Brings a database to the schema of this release.
 *
 * 1. One at a time: an advisory lock is held from before the schema is read until the last migration is in; a
 *    second process waits, and then finds no migration left to run.
 * 2. Each migration is one transaction together with its mark in `schema_migration`.
 * 3. A database that a newer release has migrated is left alone.
 */
import { InvalidInput } from '@perennial/values';
import { DataSource, type QueryRunner } from 'typeorm';
import { describe, type Tls } from '../postgres/database';
import { translate } from '../postgres/database-error';
import { MIGRATION_TABLE as TABLE, migrationNames, migrations } from './migrations/all';

/** Any number, the same in all releases. */
const LOCK = 7_370_636_174;

/**
 * Runs the missing migrations and returns their names. Waits while another process does the same.
 * Throws `InvalidInput` STORE.SCHEMA_TOO_NEW when the database is ahead of this release, `RetryableError` when it is away.
 */
export async function migrate(url: string, tls?: Tls): Promise<readonly string[]> {
  const where = describe(url);
  const source = new DataSource({
    type: 'postgres',
    url,
    ...(tls === undefined ? {} : { ssl: tls }),
    applicationName: 'perennial migrate',
    connectTimeoutMS: 5_000,
    migrations,
    migrationsTableName: TABLE,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
  });
  try {
    await source.initialize();
    return await alone(source, async (runner) => {
      await refuseNewer(runner, where);
      return (await source.runMigrations()).map(({ name }) => name);
    });
  } catch (error) {
    throw error instanceof InvalidInput ? error : translate(error, where);
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

async function alone<T>(source: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const result = await work(runner);
    await runner.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    return result;
  } finally {
    await runner.release();
  }
}

async function refuseNewer(runner: QueryRunner, where: string): Promise<void> {
  if (!(await runner.hasTable(TABLE))) return;
  const done = (await runner.query(`SELECT name FROM ${TABLE} ORDER BY id`)) as { name: string }[];
  const known = new Set(migrationNames);
  const unknown = done.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  throw new InvalidInput(
    'STORE.SCHEMA_TOO_NEW',
    `The database at ${where} was migrated by a newer release (it has ${unknown.name}, unknown here). ` +
      'Start that release or a later one, or restore the backup made before the upgrade.',
  );
}
