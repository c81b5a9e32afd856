import type { TenantState } from '@perennial/engine';
import type { Statement } from '../postgres/statement';
import { type ClockRow, TENANT_STATE } from '../session/statements/control';

/*
 * Cold reads. None takes a lock, each is one statement and so sees one moment of all partitions. Those by customer
 * start from the partition numbers in partition_progress, since all primary keys start with the partition.
 */

/** Plan: the small table of totals, whole. */
export const sumTotals: Statement<[tenant: string], { readonly name: string; readonly value: number }> = {
  name: 'report-sum-totals',
  text: `
SELECT name, sum(value)::bigint AS value FROM partition_total
WHERE tenant = $1 GROUP BY name HAVING sum(value) <> 0 ORDER BY name`,
};

/** Plan: the small table of totals, whole. */
export const countCustomers: Statement<[], { readonly tenant: string; readonly n: number }> = {
  name: 'report-count-customers',
  text: `
SELECT tenant, sum(value)::bigint AS n FROM partition_total
WHERE starts_with(name, 'stage:') GROUP BY tenant HAVING sum(value) <> 0`,
};

export interface CustomerRow {
  readonly partition: number;
  readonly packed: Uint8Array;
  readonly stage: string;
  readonly version: number;
}

/**
 * Rows of the log of states that have these bytes somewhere, newest first. Plan: reads the whole log, which is bounded; only
 * what may hold the key is sent.
 */
export const findLogged: Statement<[key: Uint8Array], { readonly partition: number; readonly bytes: Uint8Array }> = {
  name: 'report-find-logged',
  text: 'SELECT partition, bytes FROM state_log WHERE position($1::bytea IN bytes) > 0 ORDER BY first_offset DESC',
};

/** Plan: primary key. */
export const findDeadline: Statement<[partition: number, key: string], { readonly due: number }> = {
  name: 'report-find-deadline',
  text: 'SELECT due FROM deadline WHERE partition = $1 AND key = $2',
};

/** Plan: a primary key look-up per partition. */
export const findCustomer: Statement<[key: string], CustomerRow> = {
  name: 'report-find-customer',
  text: `
SELECT partition, packed, stage, version FROM customer_state
WHERE partition = ANY(ARRAY(SELECT partition FROM partition_progress)) AND key = $1`,
};

export const listTenants: Statement<[], TenantState & { readonly partition: number }> = {
  name: 'report-list-tenants',
  text: `
SELECT partition, ${TENANT_STATE}
FROM partition_tenant t LEFT JOIN tenant_clock c USING (partition, tenant) ORDER BY partition, t.tenant`,
};

export const listClocks: Statement<[], ClockRow & { readonly partition: number }> = {
  name: 'report-list-clocks',
  text: 'SELECT partition, processor, tenant, epoch, counter, at FROM partition_clock',
};

export interface PartitionRow {
  readonly partition: number;
  readonly epoch: number;
  readonly next_offset: number;
  readonly owner: string;
  readonly unpublished: number;
  readonly oldest_unpublished: number | null;
}

export const listProgress: Statement<[], PartitionRow> = {
  name: 'report-list-progress',
  text: `
SELECT partition, epoch, next_offset, owner,
  (SELECT count(*) FROM outbox o WHERE o.partition = p.partition) AS unpublished,
  (SELECT min(first_offset) FROM outbox o WHERE o.partition = p.partition) AS oldest_unpublished
FROM partition_progress p ORDER BY partition`,
};

/** Plan: a range of deadline_due per partition. */
export const countDue: Statement<[tenant: string, through: number], { readonly n: number }> = {
  name: 'report-count-due',
  text: `
SELECT count(*) AS n FROM deadline
WHERE partition = ANY(ARRAY(SELECT partition FROM partition_progress)) AND tenant = $1 AND due <= $2`,
};

/** Reads all rows of the tenant: keys from `tenant:` to before `tenant;`, the next character in collation "C". */
export const countStages: Statement<[tenant: string], { readonly stage: string; readonly n: number }> = {
  name: 'report-count-stages',
  text: `
SELECT stage, count(*) AS n FROM customer_state
WHERE partition = ANY(ARRAY(SELECT partition FROM partition_progress)) AND key >= $1 || ':' AND key < $1 || ';'
GROUP BY stage ORDER BY stage`,
};
