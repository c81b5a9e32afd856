import { InvalidInput } from '@perennial/values';
import type { Imported, ImportJob, ImportStatus } from '@perennial/importer';
import type { LogProducer } from '@perennial/stream';
import { openProducer } from '../log-producer';
import { type ImportConnection, importPorts, openImportDisplay } from './import-ports';

export interface ImportTools {
  /** What the activities are, in one or two words. */
  readonly title: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface ImportOutcome extends Imported {
  /** Null when nothing was sent. */
  readonly activitiesPerSecond: number | null;
}

/** Does what is left of an import, with its progress on the terminal. What ends it half way says where it stands, or (`InvalidInput`) what was refused. */
export async function importInto(
  connection: ImportConnection,
  job: Omit<ImportJob, 'partitions'>,
  { title, say, signal }: ImportTools,
): Promise<ImportOutcome> {
  const { runImport } = await import('@perennial/importer');
  const display = openImportDisplay(title);
  let producer: LogProducer | null = null;
  try {
    producer = await openProducer(connection.log);
    const ports = importPorts(connection, producer, { onProgress: display.update, say, signal });
    const started = performance.now();
    const imported = await runImport({ ...job, partitions: connection.partitions }, ports);
    const seconds = (performance.now() - started) / 1000;
    const { sent } = imported;
    return { ...imported, activitiesPerSecond: sent === 0 ? null : Math.round(sent / seconds) };
  } catch (error) {
    display.stop();
    if (!(error instanceof InvalidInput)) {
      say(await whereItIs(job.name, connection.imports));
    }
    throw error;
  } finally {
    display.stop();
    await producer?.close();
  }
}

/** The database may be away as well. */
async function whereItIs(name: string, imports: ImportConnection['imports']): Promise<string> {
  try {
    return whereItStands(name, await imports.find(name));
  } catch {
    return `How far the import ${name} is cannot be read now. The same command goes on from there.`;
  }
}

/** Of an import that ended half way; null: it has not begun. */
export function whereItStands(name: string, status: ImportStatus | null): string {
  if (status === null) return 'Nothing was sent.';
  const { phase, acknowledged, total } = status;
  const sent =
    acknowledged < total
      ? `it is given up with ${acknowledged} of its ${total} activities`
      : `its ${total} activities are`;
  const goesOn = 'The same command goes on from there.';
  switch (phase) {
    case 'prepare':
      return `The import ${name} has sent no activity yet. The same command begins it.`;
    case 'activities':
      return `The import ${name} is not done: ${acknowledged} of ${total} activities are in the log. ${goesOn}`;
    case 'clock':
      return `The import ${name} is not done: ${sent} in the log; not all deadlines of their past have fired. ${goesOn}`;
    case 'live':
      return `The import ${name} is not done: ${sent} in the log, and the tenant is not live yet. ${goesOn}`;
    case 'done':
      return `The import ${name} is done.`;
  }
}
