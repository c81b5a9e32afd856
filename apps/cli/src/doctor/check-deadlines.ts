import { type Instant, TOPIC } from '@perennial/contracts';
import type { PartitionTenant } from '@perennial/store';
import type { Connection } from '../connection';
import { type Finding, findingsOf, ok, wrong } from './finding';

/** So late a deadline is no more a matter of the clock's interval. */
const LATE_SECONDS = 30;

/** Whether deadlines of live tenants wait past their time. Those of history tenants wait for their importer. */
export function checkDeadlines(
  { inspection, reports }: Pick<Connection, 'inspection' | 'reports'>,
  now: Instant,
): Promise<readonly Finding[]> {
  return findingsOf('deadlines', 'Look at the database first.', async () => {
    const { tenantTime } = await import('@perennial/engine');
    let worst = { seconds: 0, partition: 0, tenant: '' };
    for (const { partition, state } of (await reports.tenants()).filter(isLive)) {
      const { source, tenant, bootstrap } = state;
      const except =
        bootstrap.kind === 'customers' ? bootstrap.customers.map((customer) => `${tenant}:${customer}`) : [];
      const due = (await inspection.earliest(partition, [tenant], except)).get(tenant);
      const speed = source.kind === 'offset' ? source.speed : 1;
      const seconds = due === undefined || speed === 0 ? 0 : (tenantTime(source, now) - due) / speed / 1000;
      if (seconds > worst.seconds) worst = { seconds, partition, tenant };
    }
    const { seconds, partition, tenant } = worst;
    if (seconds <= LATE_SECONDS) return [ok('deadlines', 'none is overdue')];
    return [
      wrong(
        'deadlines',
        `the oldest is ${Math.round(seconds)} s overdue (tenant ${tenant}, partition ${partition})`,
        `See to that partition: deadlines fire when its engine reads ${TOPIC.activity} up to its end.`,
      ),
    ];
  });
}

const isLive = ({ state: { source, bootstrap } }: PartitionTenant): boolean =>
  source.kind !== 'event' && bootstrap.kind !== 'all';
