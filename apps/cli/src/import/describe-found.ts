import { type Activity } from '@perennial/contracts';
import { type CustomerId, formatInstant, type Instant } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import type { EventCount } from '@perennial/history';
import type { Danger } from '@perennial/importer';
import { NOT_OBSERVED } from '../replay/report';
import type { Found } from './look-into';

const DAY_MS = 24 * 3_600_000;
const SHOWN_EVENTS = 20;

/** What was found, for people. */
export function describeFound(found: Found, definition: CompiledDefinition, now: Instant): readonly string[] {
  const { name, survey, rehearsal } = found;
  const { rows, customers, oldest, newest } = survey;
  return [
    `${name}: ${count(rows, 'row')} of ${count(customers, 'customer')}`,
    `from ${formatInstant(oldest ?? 0)} to ${formatInstant(newest ?? 0)} (${ago(newest ?? 0, now)}); times: ${zonesOf(found)}`,
    '',
    ...eventTable(found, definition),
    ...remarks(found),
    '',
    `${count(rehearsal.summary.customers, 'customer')} would come of it`,
    ...(rehearsal.summary.customers === 0 ? [] : [...stageTable(found, definition), ...viewTables(found)]),
  ];
}

/** The same for machines. */
export function foundJson(found: Found, definition: CompiledDefinition, dangers: readonly Danger[]) {
  const { survey, rehearsal } = found;
  const { events, oldest, newest, ...counts } = survey;
  return {
    ...counts,
    oldest: oldest === null ? null : formatInstant(oldest),
    newest: newest === null ? null : formatInstant(newest),
    events: events.map((one) => ({ ...one, role: roleOf(one, definition) })),
    uncatalogued: uncataloguedOf(found),
    amountsLeftOut: rehearsal.summary.amountsLeftOut,
    crowded: rehearsal.crowded,
    stagesAtEnd: rehearsal.stagesAtEnd,
    stagesOnWall: rehearsal.summary.stages,
    viewsAtEnd: rehearsal.viewsAtEnd,
    viewsOnWall: rehearsal.summary.views,
    movedOnWall: rehearsal.moved,
    dangers,
  };
}

/** Customers that would be in the stage `closed` on the wall clock, and are not at the end; null: there is no such stage. */
export function closedOnWall({ rehearsal }: Found, definition: CompiledDefinition): number | null {
  if (definition.regions[0].machine.states['closed'] === undefined) return null;
  return (rehearsal.summary.stages['closed'] ?? 0) - (rehearsal.stagesAtEnd['closed'] ?? 0);
}

/** `5,466 days ago`. */
export function ago(at: Instant, now: Instant): string {
  const days = Math.floor(Math.abs(now - at) / DAY_MS);
  if (days === 0) return at > now ? 'today, in the future' : 'today';
  return at > now ? `in ${count(days, 'day')}` : `${count(days, 'day')} ago`;
}

function zonesOf({ survey: { zones } }: Found): string {
  const ways = [
    [zones.utc, 'in UTC'],
    [zones.offset, 'with an offset'],
    [zones.zone, 'in the zone given'],
    [zones.typed, 'as instants'],
  ] as const;
  const used = ways.filter(([n]) => n > 0);
  return used.map(([n, way]) => (used.length === 1 ? way : `${number(n)} ${way}`)).join(', ');
}

function eventTable({ survey }: Found, definition: CompiledDefinition): string[] {
  const shown = survey.events.slice(0, SHOWN_EVENTS).map((one) => ({
    name: one.event ?? `type ${one.type}`,
    rows: number(one.rows),
    role: roleOf(one, definition) ?? 'matches no row of the definition',
  }));
  const names = survey.events.length - shown.length + survey.otherEvents.names;
  const width = Math.max(5, ...shown.map(({ name }) => name.length));
  const digits = Math.max(4, ...shown.map(({ rows }) => rows.length));
  return [
    `${'Event'.padEnd(width)}  ${'rows'.padStart(digits)}  is a (${definition.name} version ${definition.version})`,
    ...shown.map(({ name, rows, role }) => `${name.padEnd(width)}  ${rows.padStart(digits)}  ${role}`),
    ...(names > 0 ? [`and ${count(names, 'other name')}`] : []),
  ];
}

/** Null: no row of the definition takes it. */
function roleOf({ type, event }: EventCount, definition: CompiledDefinition): string | null {
  const activity: Activity = { id: null, customer: '' as CustomerId, type, event, at: 0, properties: {} };
  const catalogued = definition.catalogue(activity);
  return catalogued.kind === 'uncatalogued' ? null : catalogued.role;
}

const uncataloguedOf = ({ rehearsal }: Found): number => rehearsal.summary.outcomes['ignored'] ?? 0;

function remarks(found: Found): string[] {
  const { survey, rehearsal } = found;
  const reasons = Object.entries(rehearsal.summary.amountsLeftOut);
  const leftOut = reasons.reduce((sum, [, n]) => sum + n, 0);
  const lines: readonly (readonly [number, string])[] = [
    [uncataloguedOf(found), 'Rows that match no row of the definition (counted, and otherwise ignored)'],
    [
      leftOut,
      `Rows that count without their amount (${reasons.map(([reason, n]) => `${number(n)} ${reason}`).join(', ')})`,
    ],
    [
      rehearsal.summary.outcomes['refused'] ?? 0,
      'Rows that would be dead letters (their amount is beyond what is kept exactly)',
    ],
    [survey.repeats, 'Rows with the id of an earlier row of their customer (they count once)'],
    [survey.withoutId, 'Rows without an id (they get one from the name of the import and their place)'],
    [
      rehearsal.crowded,
      'Rows beyond those of one customer that one instant may have (they count, and pulse no signal)',
    ],
    [rehearsal.summary.parked, 'Customers that move too often on one row (they are parked)'],
  ];
  const said = lines.filter(([n]) => n > 0);
  return said.length === 0 ? [] : ['', ...said.map(([n, what]) => `${what}: ${number(n)}`)];
}

/** In the order of the definition; stages that nobody would be in are left out. */
function stageTable({ rehearsal }: Found, definition: CompiledDefinition): string[] {
  const { stagesAtEnd: atEnd, summary } = rehearsal;
  const onWall = summary.stages;
  const stages = Object.keys(definition.regions[0].machine.states).filter(
    (stage) => atEnd[stage] !== undefined || onWall[stage] !== undefined,
  );
  return timesTable('Stage', stages, (stage) => [atEnd[stage] ?? 0, onWall[stage] ?? 0]);
}

/** All labels, in the order of the definition. */
function viewTables({ rehearsal: { viewsAtEnd, summary } }: Found): string[] {
  return Object.entries(viewsAtEnd).flatMap(([view, atEnd]) => [
    '',
    ...timesTable(view, Object.keys(atEnd), (label) => [atEnd[label] ?? null, summary.views[view]?.[label] ?? null]),
  ]);
}

/** Customers at the end of the history and on real time; null: not observed. */
function timesTable(
  title: string,
  names: readonly string[],
  countsOf: (name: string) => readonly (number | null)[],
): string[] {
  const shown = (n: number | null): string => (n === null ? NOT_OBSERVED : number(n));
  const rows = [[title, ...TIMES], ...names.map((name) => [name, ...countsOf(name).map(shown)])];
  const widths = [title, ...TIMES].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(padded).join('  '));
}

const TIMES = ['at its end', 'on real time'];

export const number = (n: number): string => n.toLocaleString('en-GB');
export const count = (n: number, what: string): string => `${number(n)} ${what}${n === 1 ? '' : 's'}`;
