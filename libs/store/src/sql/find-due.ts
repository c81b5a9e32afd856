import type { Statement } from '../statement';

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
