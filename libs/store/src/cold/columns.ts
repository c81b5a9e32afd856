import type { Instant } from '@perennial/values';
import type { EntitySchemaColumnOptions, ValueTransformer } from 'typeorm';

/* Columns of the cold tables, by their name in SQL. `bigint` is a number: the pool reads it as one (database.ts). */

const milliseconds: ValueTransformer = {
  from: (at: Date | null): Instant | null => at?.getTime() ?? null,
  to: (at: unknown): unknown => (typeof at === 'number' ? new Date(at) : at),
};

export const text = (name: string): EntitySchemaColumnOptions => ({ name, type: 'text' });
export const integer = (name: string): EntitySchemaColumnOptions => ({ name, type: 'integer' });
export const bigint = (name: string): EntitySchemaColumnOptions => ({ name, type: 'bigint' });
/** A `timestamptz`, as milliseconds since 1970. */
export const instant = (name: string): EntitySchemaColumnOptions => ({
  name,
  type: 'timestamptz',
  transformer: milliseconds,
});
export const primary = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, primary: true });
export const nullable = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({
  ...column,
  nullable: true,
});

/** The server's time, for a column of {@link instant}. */
export const now = (): string => 'now()';
