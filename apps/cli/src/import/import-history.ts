/** `perennial import`: looks into the input, asks, puts the definition into service, and imports. */
import { InvalidInput, RetryableError } from '@perennial/values';
import type { ImportStatus } from '@perennial/importer';
import { EXIT, onInterrupt, type Terminal } from '@perennial/command-line';
import { type Connection, findConnection } from '../connection';
import { publicationOf, publishDefinition } from '../definition/publish-definition';
import { openHistoryOf } from '../history/history-arguments';
import { operator } from '../operator';
import { describeImported, importJson } from './describe-imported';
import { recentIdsOf } from './tenant-before';
import { importInto, whereItStands } from './import-into';
import {
  clockWithoutEffect,
  endingOf,
  type ImportArguments,
  type ImportRequest,
  notPublished,
  readRequest,
} from './import-request';
import { HISTORY_MEMORY } from './look-into';
import { type ImportPlan, planImport } from './plan-import';

interface Context {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Whether something may have been sent. */
  readonly sending: { begun: boolean };
}

/** Imports a history, or with `--dry-run` says what would come of it. */
export async function importHistory(given: ImportArguments, terminal: Terminal): Promise<void> {
  const { signal, release } = onInterrupt(() => Promise.resolve());
  const sending = { begun: false };
  try {
    await runRequest(await readRequest(given), { terminal, signal, sending });
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.say(sending.begun ? 'Interrupted.' : 'Interrupted; no activity was sent.');
    process.exitCode = EXIT.interrupted;
  } finally {
    release();
  }
}

async function runRequest(request: ImportRequest, context: Context): Promise<void> {
  const connection = await connectionFor(request, context.terminal);
  try {
    if (connection === null || request.dryRun) await rehearseOnly(request, connection, context);
    else await inTurn(connection, () => runImport(request, connection, context));
  } finally {
    await connection?.close();
  }
}

/** Null: nothing runs, and nothing has to for a dry run. */
async function connectionFor({ dryRun, definition }: ImportRequest, terminal: Terminal): Promise<Connection | null> {
  try {
    return await findConnection(terminal);
  } catch (error) {
    if (!dryRun || definition === null || !(error instanceof InvalidInput) || error.code !== 'CLI.NOTHING_RUNS')
      throw error;
    terminal.say('No installation runs here: its tenant is not looked at.');
    return null;
  }
}

/** One import at a time. */
export async function inTurn(connection: Connection, work: () => Promise<void>): Promise<void> {
  const turn = await connection.takeTurn(IMPORT_TURN);
  if (turn === null) {
    throw new RetryableError(
      'CLI.IMPORT_BUSY',
      'Another import into this installation is running; there is one at a time. Run the same command again when it has ended.',
    );
  }
  try {
    await work();
  } finally {
    await turn.end();
  }
}

/** The turn at imports, of the whole installation. */
export const IMPORT_TURN = 'import';

async function rehearseOnly(request: ImportRequest, connection: Connection | null, context: Context): Promise<void> {
  const { name, json } = request;
  const stored = (await connection?.imports.find(name)) ?? null;
  if (stored === null || stored.phase === 'prepare') await planImport(request, connection, stored !== null, context);
  else if (json) context.terminal.json(JSON.stringify({ name, dryRun: true, begun: stored }));
  else context.terminal.out(whereItStands(name, stored));
}

async function runImport(request: ImportRequest, connection: Connection, context: Context): Promise<void> {
  const stored = await connection.imports.find(request.name);
  const { refuseOtherTenant } = await import('@perennial/importer');
  if (stored !== null) refuseOtherTenant(request.name, stored, request.tenant);
  const begun = stored === null || stored.phase === 'prepare' ? null : stored;
  const plan =
    begun === null
      ? await planImport(request, connection, stored !== null, context)
      : await resumed(request, begun, connection, context);
  if (plan !== null) await carryOut(request, connection, stored, plan, context);
}

async function resumed(
  request: ImportRequest,
  begun: ImportStatus,
  connection: Connection,
  { terminal }: Context,
): Promise<ImportPlan> {
  const { tenant, definition, name } = request;
  const unpublished = definition === null ? null : await notPublished(connection, tenant, definition);
  const said = [
    unpublished,
    clockWithoutEffect(request, begun),
    begun.phase === 'done' ? null : whereItStands(name, begun),
  ];
  terminal.say(...said.filter((line) => line !== null));
  return { ending: endingOf(request, begun), definition: null, rows: null };
}

async function carryOut(
  request: ImportRequest,
  connection: Connection,
  stored: ImportStatus | null,
  { ending, definition, rows }: ImportPlan,
  { terminal, signal, sending }: Context,
): Promise<void> {
  const { tenant, name } = request;
  const { input } = request.history;
  const history = await openHistoryOf(request.history, { memoryLimit: HISTORY_MEMORY, signal });
  try {
    if (rows !== null && rows !== history.total) throw changedMeanwhile(history.name);
    const whole = { ...history, fingerprint: await history.fingerprint() };
    const { refuseOtherImport } = await import('@perennial/importer');
    if (stored !== null) refuseOtherImport(name, stored, { tenant, ending, history: whole });
    if (definition?.isGiven === true) {
      const publication = publicationOf(definition.definition.source, { tenant, reason: `import ${name}` });
      await publishDefinition(connection, publication, { say: terminal.say, signal });
    }
    const recentIds = await recentIdsOf(connection, tenant);
    const job = { name, tenant, input, ending, history: whole, startedBy: operator(), recentIds };
    sending.begun = true;
    const imported = await importInto(connection, job, { title: 'import', say: terminal.say, signal });
    const report = {
      name,
      tenant,
      ending,
      total: history.total,
      summary: await connection.reports.summary(tenant),
      ...imported,
    };
    if (request.json) terminal.json(JSON.stringify(importJson(report)));
    else terminal.out(...describeImported(report));
  } finally {
    await history.close();
  }
}

const changedMeanwhile = (name: string): InvalidInput =>
  new InvalidInput(
    'CLI.INPUT_CHANGED',
    `${name} has changed since it was looked at a moment ago. Nothing was sent; try again when nothing writes to it.`,
  );
