import type { Database } from './duckdb';
import { FLAW, OFFENDING } from './flaw';
import { readColumn } from './read-column';
import type { Relation } from './relation';

/**
 * Reads everything once into the table `history`, in its final order: a history is sorted as a whole, and is refused as a
 * whole. DuckDB keeps what does not fit into memory on disk.
 */
export async function loadHistory(
  subject: string,
  relation: Relation,
  order: 'time' | 'customer',
  database: Database,
): Promise<void> {
  try {
    await database.rows(subject, loading(subject, relation, order));
  } catch (error) {
    await relation.explain?.();
    throw error;
  }
}

function loading(subject: string, { from, columns, sortById }: Relation, order: 'time' | 'customer'): string {
  const read = (name: Parameters<typeof readColumn>[1]): string => readColumn(subject, name, columns);
  return `CREATE TABLE history AS
     WITH numbered AS (
       SELECT
         row_number() OVER () AS row,
         ${read('customerId')} AS customer,
         "timestamp" AS stated,
         ${read('timestamp')} AS "at",
         coalesce(${read('type')}, 'track') AS type,
         coalesce(${read('event')}, '') AS event,
         coalesce(${read('id')}, '') AS id,
         ${read('properties')} AS properties
       FROM ${from}
     ), checked AS (
       SELECT *, ${FLAW} AS flaw FROM numbered
     )
     SELECT row, customer, "at", type, event, id, properties, flaw, ${OFFENDING} AS offending
     FROM checked
     ORDER BY ${order === 'customer' ? 'customer, ' : ''}"at", ${sortById ? 'id, ' : ''}row`;
}
