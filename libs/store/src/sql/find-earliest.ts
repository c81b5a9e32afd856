import type { Statement } from '../statement';

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
