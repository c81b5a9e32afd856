import type { Database } from './duckdb';
import { FLAW, OFFENDING } from './flaw';
import { isLocal, isText, readColumn } from './read-column';
import type { Relation } from './relation';
import { STATING, statingOf } from './read-instant';

/** What activities are sorted by first. */
export type Order = 'time' | 'customer';

interface Loading {
  readonly order: Order;
  /** Whether a zone was given for times without one. */
  readonly isZoned: boolean;
}

/**
 * Reads everything once into the table `history`, in its final order: a history is sorted as a whole, and is refused as a
 * whole. DuckDB keeps what does not fit into memory on disk.
 */
export async function loadHistory(
  subject: string,
  relation: Relation,
  loading: Loading,
  database: Database,
): Promise<void> {
  const loaded = await read(subject, relation, loading, database);
  for (const name of absent(loaded)) {
    await database.rows(subject, `ALTER TABLE history ADD COLUMN ${name} VARCHAR DEFAULT '${DEFAULTS[name]}'`);
  }
  if (statesItself(loaded)) return;
  const all = loading.isZoned && isLocal(typeOfTime(loaded)) ? STATING.zone : STATING.typed;
  await database.rows(subject, `ALTER TABLE history ADD COLUMN stating UTINYINT DEFAULT ${all}`);
}

/** Answers what was read in the end. */
async function read(subject: string, relation: Relation, loading: Loading, database: Database): Promise<Relation> {
  try {
    await database.longRows(subject, statementOf(subject, relation, loading));
    return relation;
  } catch (error) {
    const other = await relation.rescue?.();
    if (other === undefined || other === null) throw error;
    await database.longRows(subject, statementOf(subject, other, loading));
    return other;
  }
}

/** Columns that a history need not have, and what then stands in them. */
const DEFAULTS = { type: 'track', id: '' } as const;

/** Whether a row says for itself how its time is stated. */
const statesItself = (relation: Relation): boolean => isText(typeOfTime(relation));
const typeOfTime = ({ columns }: Relation): string => columns.get('timestamp') ?? '';

/** Those that the input lacks: they are added after the sort, which takes longer the wider the rows are. */
function absent({ columns }: Relation): readonly (keyof typeof DEFAULTS)[] {
  return (['type', 'id'] as const).filter((name) => !columns.has(name));
}

function statementOf(subject: string, relation: Relation, { order, isZoned }: Loading): string {
  const { from, columns, nameOf, sortById } = relation;
  const lacking: readonly string[] = absent(relation);
  const kept = ['row', 'customer', '"at"', 'type', 'event', 'id', 'properties', 'flaw'].filter(
    (name) => !lacking.includes(name),
  );
  if (statesItself(relation)) kept.push(`${statingOf('CAST(stated AS VARCHAR)')} AS stating`);
  const read = (name: Parameters<typeof readColumn>[1]): string =>
    readColumn(subject, name, { columns, nameOf, isZoned });
  return `CREATE TABLE history AS
     WITH numbered AS (
       SELECT
         row_number() OVER () AS row,
         ${read('customerId')} AS customer,
         "timestamp" AS stated,
         ${read('timestamp')} AS "at",
         coalesce(${read('type')}, '${DEFAULTS.type}') AS type,
         coalesce(${read('event')}, '') AS event,
         coalesce(${read('id')}, '${DEFAULTS.id}') AS id,
         ${read('properties')} AS properties
       FROM ${from}
     ), checked AS (
       SELECT *, ${FLAW} AS flaw FROM numbered
     )
     SELECT ${kept.join(', ')}, ${OFFENDING} AS offending
     FROM checked
     ORDER BY ${order === 'customer' ? 'customer, ' : ''}"at", ${sortById ? 'id, customer, ' : ''}row`;
}

/**
 * The rows of a query are numbered by time, then id, then customer, whatever they are sorted by: DuckDB hands out those of one that
 * leaves its order open in another order each time, with one thread, too (measured: `UNION ALL`), and a row is known by its number.
 */
export async function numberByTime(subject: string, order: Order, database: Database): Promise<void> {
  await database.rows(
    subject,
    order === 'time'
      ? 'UPDATE history SET row = rowid + 1'
      : `UPDATE history SET row = number FROM (
           SELECT rowid AS place, row_number() OVER (ORDER BY "at", id, customer, row) AS number FROM history
         ) WHERE history.rowid = place`,
  );
}
