import { type TimeSource, TOPIC } from '@perennial/contracts';
import { type Instant } from '@perennial/values';
import type { PartitionTenant } from '@perennial/store';
import type { Connection } from '../connection';
import { isOfSample } from '../main-job/sample';
import { type Finding, findingsOf, ok, todo, wrong } from './finding';

/** So late a deadline is no more a matter of the clock's interval. */
const LATE_SECONDS = 30;

/**
 * Whether deadlines of live tenants wait past their time, and whose clock stands, so that theirs never come. Those of history
 * tenants wait for their importer; the sample's clock stands unless `npm start` is live.
 */
export function checkDeadlines(
  connection: Pick<Connection, 'inspection' | 'reports' | 'imports'>,
  now: Instant,
): Promise<readonly Finding[]> {
  return findingsOf('deadlines', 'Look at the database first.', async () => {
    const live = (await connection.reports.tenants()).filter(isLive);
    const moving = live.filter(({ state }) => speedOf(state.source) > 0);
    const standing = live.filter(({ state }) => speedOf(state.source) === 0);
    return [await oldest(connection, moving, now), ...(await stopped(connection, standing))];
  });
}

const isLive = ({ state: { source, bootstrap } }: PartitionTenant): boolean =>
  source.kind !== 'event' && bootstrap.kind !== 'all';
const speedOf = (source: TimeSource): number => (source.kind === 'offset' ? source.speed : 1);

async function oldest(
  { inspection }: Pick<Connection, 'inspection'>,
  moving: readonly PartitionTenant[],
  now: Instant,
): Promise<Finding> {
  const { tenantTime } = await import('@perennial/engine');
  let worst = { seconds: 0, partition: 0, tenant: '' };
  for (const { partition, state } of moving) {
    const { source, tenant, bootstrap } = state;
    const except = bootstrap.kind === 'customers' ? bootstrap.customers.map((customer) => `${tenant}:${customer}`) : [];
    const due = (await inspection.earliest(partition, [tenant], except)).get(tenant);
    const seconds = due === undefined ? 0 : (tenantTime(source, now) - due) / speedOf(source) / 1000;
    if (seconds > worst.seconds) worst = { seconds, partition, tenant };
  }
  const { seconds, partition, tenant } = worst;
  if (seconds <= LATE_SECONDS) return ok('deadlines', 'none is overdue');
  return wrong(
    'deadlines',
    `the oldest is ${Math.round(seconds)} s overdue (tenant ${tenant}, partition ${partition})`,
    `See to that partition: deadlines fire when its engine reads ${TOPIC.activity} up to its end.`,
  );
}

async function stopped(
  connection: Pick<Connection, 'imports'>,
  standing: readonly PartitionTenant[],
): Promise<readonly Finding[]> {
  const tenants = [...new Set(standing.map(({ state }) => state.tenant))].sort();
  const ofSample = await Promise.all(tenants.map((tenant) => isOfSample(connection, tenant)));
  return tenants
    .filter((_, index) => !ofSample[index])
    .map((tenant) =>
      todo(
        'deadlines',
        `the clock of tenant ${tenant} stands (offset, speed 0): none of its deadlines comes`,
        'Nothing sets it off by itself. Unless it is meant to stand, import its history into another tenant: --go-live says its clock.',
      ),
    );
}
