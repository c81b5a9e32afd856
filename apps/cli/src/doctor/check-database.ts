import type { Connection } from '../connection';
import { type Finding, findingsOf, ok, wrong } from './finding';

/** Whether the database answers and has this release's schema. */
export function checkDatabase({ inspection }: Pick<Connection, 'inspection'>): Promise<readonly Finding[]> {
  return findingsOf('database', 'Start PostgreSQL, or correct DATABASE_URL.', async () => {
    const { missing, unknown } = await inspection.schema();
    const answers = ok('database', 'answers');
    if (unknown.length > 0)
      return [
        answers,
        wrong(
          'schema',
          `of a newer release: ${unknown.join(', ')}`,
          'Run that release, or restore the backup made before the upgrade.',
        ),
      ];
    if (missing.length > 0)
      return [
        answers,
        wrong('schema', `lacks ${missing.join(', ')}`, 'Start an engine of this release: it migrates at start.'),
      ];
    return [answers, ok('schema', 'as this release declares it')];
  });
}
