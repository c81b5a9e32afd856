import type { ClockPosition } from '@perennial/engine';
import type { Statement } from '../statement';

/*
 * Numbers of clock records and commands that a partition has obeyed. The reads run after claim-partition in its transaction,
 * which keeps writers away.
 */

export interface ClockRow extends Omit<ClockPosition, 'tenant'> {
  /** Empty: all live tenants. */
  readonly tenant: string;
}

/** Plan: primary key, prefix; one row for each processor, and for each tenant that has its own clock records. */
export const readClocks: Statement<[partition: number], ClockRow> = {
  name: 'read-clocks',
  text: 'SELECT processor, tenant, epoch, counter, at FROM partition_clock WHERE partition = $1 ORDER BY processor, tenant',
};

/** Plan: primary key, prefix; at most 1,000 rows. */
export const readCommands: Statement<[partition: number], { readonly number: number }> = {
  name: 'read-commands',
  text: 'SELECT number FROM partition_command WHERE partition = $1 ORDER BY number',
};

/** Locks the rows of these processors: one for a clock record. Plan: primary key per row, HOT by fillfactor 50. */
export const writeClocks: Statement<
  [
    partition: number,
    processors: readonly string[],
    tenants: readonly string[],
    epochs: readonly number[],
    counters: readonly number[],
    ats: readonly (number | null)[],
  ]
> = {
  name: 'write-clocks',
  text: `
INSERT INTO partition_clock (partition, processor, tenant, epoch, counter, at)
SELECT $1, r.processor, r.tenant, r.epoch, r.counter, r.at
FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) AS r(processor, tenant, epoch, counter, at)
ON CONFLICT (partition, processor, tenant) DO UPDATE
SET epoch = excluded.epoch, counter = excluded.counter, at = excluded.at`,
};

/** Plan: insert. */
export const writeCommands: Statement<[partition: number, numbers: readonly number[]]> = {
  name: 'write-commands',
  text: 'INSERT INTO partition_command (partition, number) SELECT $1, unnest($2::bigint[])',
};

/** Plan: primary key range, as many rows as commands came. */
export const forgetCommands: Statement<[partition: number, below: number]> = {
  name: 'forget-commands',
  text: 'DELETE FROM partition_command WHERE partition = $1 AND number < $2',
};
