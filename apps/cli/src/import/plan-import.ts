/** The plan of an import before it begins: by what was asked for, by what is found, and by the person at the terminal. */
import { formatInstant, type Instant, InvalidInput } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import type { Chosen, Danger, Ending, GoLive } from '@perennial/importer';
import type { Terminal } from '@perennial/command-line';
import { canAsk, choose, confirm } from '../operator';
import type { Connection } from '../connection';
import { ago, closedOnWall, count, describeFound, foundJson, number } from './describe-found';
import type { ImportRequest } from './import-request';
import { type Found, lookInto, refuseNobody } from './look-into';
import { definitionFor, type ImportDefinition, tenantBefore, unknownTenant } from './tenant-before';

export interface ImportPlan {
  readonly ending: Ending;
  /** Null: the import has begun, so there is one in service. */
  readonly definition: ImportDefinition | null;
  /** Rows that were found; null: they were not looked at again. */
  readonly rows: number | null;
}

interface Context {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/**
 * Says what is found, and asks. Null for a dry run. Throws `InvalidInput` when it may not begin, or when somebody has to agree
 * and nobody is there.
 */
export async function planImport(
  request: ImportRequest,
  connection: Connection | null,
  /** It is in this installation, and no activity of it was sent. */
  hasBegun: boolean,
  { terminal, signal }: Context,
): Promise<ImportPlan | null> {
  const { tenant, late, goLive } = request;
  const { admit, chooseEnding, dangersOf, LATE_MEANS } = await import('@perennial/importer');
  const before = connection === null ? unknownTenant(tenant) : await tenantBefore(connection, tenant);
  admit(before, late, hasBegun);
  const definition = await definitionFor(connection, tenant, request.definition);
  terminal.say(...definition.warnings);
  const now = Date.now();
  const found = await lookInto(request, definition.definition, { now, signal });
  const dangers = dangersOf(found.survey.rows, found.rehearsal);
  show(request, found, definition.definition, dangers, now, terminal);
  refuseNobody(found, definition.definition);
  const chosen = chooseEnding({ goLive, late }, found, before, now);
  if (request.dryRun) {
    if (!request.json)
      terminal.say(...endingLines(chosen, found, definition.definition, now), 'Nothing was sent (--dry-run).');
    return null;
  }
  if (chosen.kind === 'chosen' && chosen.ending === 'late') terminal.say(LATE_MEANS);
  const ending =
    chosen.kind === 'chosen' ? chosen.ending : await askGoLive(found, definition.definition, now, terminal, signal);
  await agree(request, found, dangers, ending, { terminal, signal });
  return { ending, definition, rows: found.survey.rows };
}

function show(
  { dryRun, json, name }: ImportRequest,
  found: Found,
  definition: CompiledDefinition,
  dangers: readonly Danger[],
  now: Instant,
  terminal: Terminal,
): void {
  if (dryRun && json)
    terminal.json(JSON.stringify({ name, dryRun, begun: null, ...foundJson(found, definition, dangers) }));
  else (dryRun ? terminal.out : terminal.say)(...describeFound(found, definition, now));
  if (!json || !dryRun) for (const { message } of dangers) terminal.say(`Careful: ${message}`);
}

/** What a history that ended long ago means for the clock. */
function endingLines(chosen: Chosen, found: Found, definition: CompiledDefinition, now: Instant): readonly string[] {
  return chosen.kind === 'ask' ? [question(found, definition, now), ...WAYS] : [];
}

function question(found: Found, definition: CompiledDefinition, now: Instant): string {
  const { newest, rehearsal } = found;
  const closed = closedOnWall(found, definition);
  const which = closed === null ? '' : `, ${number(closed)} of them to closed`;
  return (
    `The history ends ${formatInstant(newest)}, ${ago(newest, now)}. On real time ${number(rehearsal.moved)} of ` +
    `${count(rehearsal.summary.customers, 'customer')} would be in another stage at once${which}.`
  );
}

const WAYS = [
  '  --go-live wall     real time from now on; what fell due since is fired, and marked history',
  '  --go-live offset   time runs on from the newest row, at its usual speed;',
  '                     activities that state real time are dead letters then',
];

async function askGoLive(
  found: Found,
  definition: CompiledDefinition,
  now: Instant,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<GoLive> {
  const { GO_LIVES } = await import('@perennial/importer');
  const asked = question(found, definition, now);
  if (canAsk()) terminal.say('', asked, ...WAYS);
  const answer = await choose('On which clock does the tenant live from then on?', GO_LIVES, signal);
  if (answer !== null) return answer;
  throw new InvalidInput('CLI.NO_GO_LIVE', `${asked} Say --go-live wall or --go-live offset; nothing was sent.`);
}

/** On a terminal somebody agrees to every import; elsewhere to one that is most likely a mistake, beforehand. */
async function agree(
  { tenant, yes }: ImportRequest,
  { survey, rehearsal }: Found,
  dangers: readonly Danger[],
  ending: Ending,
  { signal }: Context,
): Promise<void> {
  if (yes) return;
  const what = `Import ${number(survey.rows)} rows of ${count(rehearsal.summary.customers, 'customer')} into tenant ${tenant} (${ending})?`;
  const agreed = await confirm(`${what} It cannot be taken back.`, signal);
  if (agreed === true || (agreed === null && dangers.length === 0)) return;
  if (agreed === false) throw new InvalidInput('CLI.NOT_CONFIRMED', 'Nothing was sent.');
  throw new InvalidInput(
    'CLI.NOT_CONFIRMED',
    `Nothing was sent, since somebody has to agree: ${dangers.map(({ message }) => message).join(' ')} Look with --dry-run; --yes imports all the same.`,
  );
}
