import { InvalidInput, type Instant } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import type { HistorySurvey } from '@perennial/history';
import type { Rehearsal } from '@perennial/importer';
import { openLateProgress } from '@perennial/command-line';
import { openHistoryOf } from '../history/history-arguments';
import type { ImportRequest } from './import-request';

/** Memory that DuckDB may take for a history; it works on disk beyond. */
export const HISTORY_MEMORY = '512MB';

/** What an input consists of, and what would become of it. */
export interface Found {
  /** For messages: the file's name. */
  readonly name: string;
  readonly newest: Instant;
  readonly survey: HistorySurvey;
  readonly rehearsal: Rehearsal;
}

/** Reads an input and takes it through the core. Throws `InvalidInput` when it cannot be imported as it is. */
export async function lookInto(
  request: Pick<ImportRequest, 'history' | 'tenant' | 'name'>,
  definition: CompiledDefinition,
  { now, signal }: { readonly now: Instant; readonly signal: AbortSignal },
): Promise<Found> {
  const { rehearse } = await import('@perennial/importer');
  const { tenant, name: importName } = request;
  const history = await openHistoryOf(request.history, { order: 'customer', memoryLimit: HISTORY_MEMORY, signal });
  const { name, newest, total } = history;
  const progress = openLateProgress({ title: 'looking', unit: 'rows', total });
  try {
    if (newest === null)
      throw new InvalidInput(
        'CLI.NO_ROWS',
        `${name} has no rows: there is nothing to import. Check the file, or the query.`,
      );
    const survey = await history.survey();
    const rows = { name, newest, activities: () => history.activities() };
    const rehearsal = await rehearse({
      ...{ tenant, importName, definition, history: rows, now, signal },
      onProgress: progress.update,
    });
    return { name, newest, survey, rehearsal };
  } finally {
    progress.stop();
    await history.close();
  }
}

/** Throws `InvalidInput` when nobody would come of it. */
export function refuseNobody({ name, survey, rehearsal }: Found, definition: CompiledDefinition): void {
  if (rehearsal.summary.customers > 0) return;
  const events = survey.events.slice(0, 5).map(({ type, event }) => (event === null ? `type ${type}` : `"${event}"`));
  throw new InvalidInput(
    'CLI.NO_CUSTOMERS',
    `No row of ${name} is an activity of ${definition.name} version ${definition.version}, so no customer would come of it. It has ` +
      `${events.join(', ')}${survey.events.length > 5 ? ', …' : ''}: map them to the definition's names (--map "event='…'"), or add rows to its activity.`,
  );
}
