import {
  customerKey,
  type CustomerId,
  DEFAULT_TENANT,
  type Instant,
  InvalidInput,
  type TenantId,
} from '@perennial/values';
import type { CustomerView } from '@perennial/lifecycle';
import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { type Connection, withConnection } from '../connection';
import { describeCustomer } from '../customer/describe-customer';
import { readClock, timeNow } from '../main-job/tenant-clock';
import { findTenant } from '../tenant/known-tenants';

interface ShowOptions {
  readonly tenant: string;
  readonly json: boolean;
}

export function customerCommand(terminal: Terminal): Command {
  const show = new Command('show')
    .description('stage, why, profile, next deadline')
    .argument('<customer>', 'id of the customer')
    .option('--tenant <tenant>', 'tenant', DEFAULT_TENANT)
    .option('--json', 'print it as one line of JSON', false)
    .addHelpText('after', '\nExamples:\n  perennial customer show 17850')
    .action((customer: string, options: ShowOptions) => showCustomer(customer, options, terminal));
  return new Command('customer').description('look at a customer').addCommand(show);
}

async function showCustomer(customer: string, { tenant, json }: ShowOptions, terminal: Terminal): Promise<void> {
  await withConnection(terminal, async (connection) => {
    const view = await viewOf(connection, tenant as TenantId, customer as CustomerId);
    if (json) terminal.json(JSON.stringify({ customer, ...view }));
    else terminal.out(...describeCustomer(customer, view));
  });
}

async function viewOf(connection: Connection, tenant: TenantId, customer: CustomerId): Promise<CustomerView> {
  const { Plans } = await import('@perennial/engine');
  const { sliceOf } = await import('@perennial/codec');
  const { unpackState, view } = await import('@perennial/lifecycle');
  const found = await connection.reports.customer(customerKey(tenant, customer));
  if (found === null) {
    await findTenant(connection, tenant);
    throw new InvalidInput(
      'CLI.NO_CUSTOMER',
      `No customer ${customer} in tenant ${tenant}. Ids are as the activities spell them.`,
    );
  }
  const partition = (await connection.reports.tenants()).find(
    (each) => each.partition === found.partition && each.state.tenant === tenant,
  );
  const packed = sliceOf(found.packed);
  const plan = new Plans().ofTenant(partition?.state.definitions ?? []).forState(packed);
  if (plan === null) throw new Error(`The definition of customer ${customer} is not in the store.`);
  const state = unpackState(plan, packed);
  const now: Instant = await timeNow(await readClock(connection, tenant), Date.now());
  return view(plan, state, Math.max(now, state.horizon));
}
