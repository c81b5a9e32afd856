import type { DatabaseInspection } from '@perennial/store';
import type { Connection } from '../connection';
import { type Finding, findingsOf, ok, wrong } from './finding';

/** Whether each database answers and has this release's schema. */
export async function checkDatabases({ inspection }: Pick<Connection, 'inspection'>): Promise<readonly Finding[]> {
  return (await Promise.all(inspection.databases.map(checkDatabase))).flat();
}

function checkDatabase(database: DatabaseInspection): Promise<readonly Finding[]> {
  const { name } = database;
  return findingsOf(name, 'Start PostgreSQL, or correct DATABASE_URL (DATABASE_URLS).', async () => {
    const { missing, unknown } = await database.schema();
    const answers = ok(name, 'answers');
    if (unknown.length > 0)
      return [
        answers,
        wrong(
          'schema',
          `the ${name} is of a newer release: ${unknown.join(', ')}`,
          'Run that release, or restore the backup made before the upgrade.',
        ),
      ];
    if (missing.length > 0)
      return [
        answers,
        wrong(
          'schema',
          `the ${name} lacks ${missing.join(', ')}`,
          'Start an engine of this release: it migrates at start.',
        ),
      ];
    return [answers, ok('schema', `the ${name} is as this release declares it`)];
  });
}
