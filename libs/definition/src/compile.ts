import { Catalogue } from './activity/catalogue';
import { checkRows, producedRoles } from './activity/rows';
import { buildCharts, compileRegion, regionsOf, STAGE_REGION, warnOfCharts } from './statechart/regions';
import { type Compiled, type CompiledDefinition, type Field, ROLES } from './compiled';
import { definitionShape, type WrittenDefinition } from './definition-shape';
import { locateIn, readSourceText } from './source-text';
import { scopeOf } from './predicate/names';
import { Problems } from './problems';
import { FieldCompiler } from './profile/fields';
import { SignalCompiler } from './signals/signals';
import { checkViews, compileViews } from './views';
import { readTree } from './yaml-tree';

const DAY = 86_400_000;
const RECENT_IDS = 32;

/**
 * Compiles the YAML of a definition. Pure: the same source always gives the same result. Never throws: whatever is
 * wrong comes back as problems, all of them at once, each with the line and column of what it is about.
 */
export function compile(source: string): Compiled {
  const problems = new Problems(locateIn(source));
  const tree = readTree(source, problems);
  const written = tree === null ? null : definitionShape.read(tree, problems);
  const definition = written === null ? null : compileWritten(written, source, problems);
  const found = problems.list();
  if (definition === null || problems.failed) return { ok: false, problems: found };
  return { ok: true, definition, warnings: found };
}

/** Compiles the bytes of a file. */
export function compileBytes(bytes: Uint8Array): Compiled {
  const read = readSourceText(bytes);
  return read.ok ? compile(read.text) : { ok: false, problems: [read.problem] };
}

function compileWritten(written: WrittenDefinition, source: string, problems: Problems): CompiledDefinition | null {
  const { activity: rows = [], profile = [], signals: entries = [], views = [] } = written;
  const currency = written.currency?.value ?? null;
  const produced = producedRoles(written.activity);
  checkRows(rows, problems);
  const catalogue = new Catalogue(rows, currency, problems);
  const fields = new FieldCompiler(rows, produced, problems).compile(profile);
  checkCurrency(written, fields, problems);
  const signals = new SignalCompiler(scopeOf(profile, fields), produced, problems).compile(entries);
  const names = entries.map((entry) => entry.name);
  const charts = buildCharts(regionsOf(written, problems), new Set(names.map(({ value }) => value)), problems);
  const stages = charts.find((chart) => chart.name === STAGE_REGION);
  if (stages !== undefined) checkViews(views, stages, problems);
  const { name, version } = written;
  if (problems.failed || stages === undefined || name === undefined || version === undefined) return null;
  warnOfCharts(charts, signals, names, problems);
  return {
    name: name.value,
    version: version.value,
    subject: written.subject?.value ?? 'customer',
    currency,
    settleMs: written.settle?.value ?? DAY,
    recentIds: written.dedupe?.recent?.value ?? RECENT_IDS,
    fields,
    signals: signals.map(({ signal }) => signal),
    regions: [
      compileRegion(stages, problems),
      ...charts.filter((chart) => chart !== stages).map((chart) => compileRegion(chart, problems)),
    ],
    views: compileViews(views),
    roles: ROLES.filter((role) => produced.has(role)),
    catalogue: catalogue.lookup,
    events: rows.flatMap(({ event }) => event?.value ?? []),
    source,
  };
}

/** Amounts are read in the minor units of one currency, so whatever reads amounts needs it. Quantities have none. */
function checkCurrency(written: WrittenDefinition, fields: readonly Field[], problems: Problems): void {
  if (written.keys.has('currency')) return;
  const amount = written.activity?.find(({ keys }) => keys.has('amount'))?.keys.get('amount');
  if (amount === undefined) return;
  const money = fields.find((field) => field.kind === 'sum' && field.unit === 'money');
  const at = written.profile?.find(({ name }) => name.value === money?.name)?.name.at ?? amount;
  const message = 'Amounts are read in one currency, which is not stated. Add "currency", such as currency: EUR.';
  problems.error('DEFINITION.CURRENCY', at, message);
}
