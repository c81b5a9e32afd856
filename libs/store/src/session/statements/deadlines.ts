/** Table `deadline`: the earliest deadline of each customer that has one; `due` in the tenant's time. */
import type { DeadlineChange } from '@perennial/processor';
import { bind, type Bound, type Statement } from '../../postgres/statement';

export interface DueRow {
  readonly key: string;
  readonly due: number;
}

/**
 * No lock. Plan: per tenant a walk of deadline_due in (due, key) order that stops at the limit, then a small sort over
 * all tenants. `NOT IN (SELECT …)` becomes a hashed subplan: it costs the same for one exception and for 10,000, and
 * keeps the order of the index, which an anti-join would not.
 */
export const findDue: Statement<
  [
    partition: number,
    tenants: readonly string[],
    throughs: readonly number[],
    except: readonly string[],
    limit: number,
  ],
  DueRow
> = {
  name: 'find-due',
  text: `
SELECT d.key, d.due
FROM unnest($2::text[], $3::bigint[]) AS q(tenant, through)
CROSS JOIN LATERAL (
  SELECT key, due FROM deadline
  WHERE partition = $1 AND tenant = q.tenant AND due <= q.through AND key NOT IN (SELECT unnest($4::text[]))
  ORDER BY due, key
  LIMIT $5
) AS d
ORDER BY d.due, d.key
LIMIT $5`,
};

/** No lock. Plan: per tenant the first entry of deadline_due that is no exception; see find-due. */
export const findEarliest: Statement<
  [partition: number, tenants: readonly string[], except: readonly string[]],
  { readonly tenant: string; readonly due: number }
> = {
  name: 'find-earliest',
  text: `
SELECT q.tenant, d.due
FROM unnest($2::text[]) AS q(tenant)
CROSS JOIN LATERAL (
  SELECT due FROM deadline
  WHERE partition = $1 AND tenant = q.tenant AND key NOT IN (SELECT unnest($3::text[]))
  ORDER BY due, key
  LIMIT 1
) AS d`,
};

/** Locks the rows of its customers, in key order. Plan: primary key per row; a changed `due` also writes deadline_due. */
export const writeDeadlines: Statement<
  [partition: number, keys: readonly string[], tenants: readonly string[], dues: readonly number[]]
> = {
  name: 'write-deadlines',
  text: `
INSERT INTO deadline (partition, key, tenant, due)
SELECT $1, r.key, r.tenant, r.due FROM unnest($2::text[], $3::text[], $4::bigint[]) AS r(key, tenant, due)
ON CONFLICT (partition, key) DO UPDATE SET due = excluded.due, tenant = excluded.tenant`,
};

/** Locks the rows of its customers. Plan: primary key, one descent per key. */
export const removeDeadlines: Statement<[partition: number, keys: readonly string[]]> = {
  name: 'remove-deadlines',
  text: 'DELETE FROM deadline WHERE partition = $1 AND key = ANY($2::text[])',
};

/** The part of a commit for `deadline`, in key order; no statement when nothing changed. */
export function deadlineStatements(partition: number, changes: readonly DeadlineChange[]): readonly Bound<unknown>[] {
  const rows = changes.toSorted(byKey);
  const removed = rows.filter(({ due }) => due === null);
  const armed = rows.flatMap(({ key, tenant, due }) => (due === null ? [] : [{ key, tenant, due }]));
  return [
    ...(removed.length === 0
      ? []
      : [
          bind(
            removeDeadlines,
            partition,
            removed.map((row) => row.key),
          ),
        ]),
    ...(armed.length === 0
      ? []
      : [
          bind(
            writeDeadlines,
            partition,
            armed.map((row) => row.key),
            armed.map((row) => row.tenant),
            armed.map((row) => row.due),
          ),
        ]),
  ];
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number => (a.key < b.key ? -1 : 1);
