import {
  type CustomerId,
  customerKey,
  DEFAULT_TENANT,
  formatMinorUnits,
  type Instant,
  InvalidInput,
  type TenantId,
} from '@perennial/values';
import type { CustomerView } from '@perennial/lifecycle';
import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { type Connection, withConnection } from '../connection';
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

const NAMES_WIDTH = 16;

/** A customer for people, in lines. */
export function describeCustomer(customer: string, view: CustomerView): readonly string[] {
  const { definition, parked, why } = view;
  const [[, stage] = ['', view.stage], ...regions] = Object.entries(view.regions);
  const rows: readonly (readonly [string, string])[] = [
    ['customer', `${customer}  (${definition.name} version ${definition.version})`],
    [
      'stage',
      `${stage}${parked ? '  PARKED: it would have made too many moves, or met too many deadlines, on one input' : ''}`,
    ],
    ['since', view.since],
    [
      'why',
      `${why.from === null ? `entered ${why.to}` : `${why.from} → ${why.to}`} at ${why.occurredAt} (${cause(view)})`,
    ],
    ['next deadline', nextDeadline(view)],
    ['signals on', view.on.join(', ') || 'none'],
    ...regions.map(([name, path]) => [`region ${name}`, path] as const),
    ...Object.entries(view.views).map(([name, label]) => [`view ${name}`, label] as const),
    ['activities', `${view.firstActivityAt} … ${view.newestActivityAt}`],
    ['sequence', `${view.sequence} (moves, and the entry)`],
    ...profile(view),
  ];
  const width = Math.max(NAMES_WIDTH, ...rows.map(([name]) => name.length + 2));
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`);
}

function cause({ why: { cause: of } }: CustomerView): string {
  const { kind, signal, activityId } = of;
  return `${signal === null ? kind : `${kind}: ${signal}`}${activityId === null ? '' : `, activity ${activityId}`}`;
}

function nextDeadline({ nextDeadline: next }: CustomerView): string {
  if (next === null) return 'none';
  const { due, kind, name } = next;
  return `${due}  ${kind === 'after' || name === null ? (name ?? kind) : `${kind} ${name}`}`;
}

function profile({ profile: fields, amounts, currency }: CustomerView): (readonly [string, string])[] {
  return Object.entries(fields).map(([name, value]) => {
    if (typeof value !== 'number') return [`profile.${name}`, JSON.stringify(value)];
    const isAmount = amounts.includes(name) && currency !== null;
    return [`profile.${name}`, isAmount ? formatMinorUnits(value, currency) : rounded(value)];
  });
}

const rounded = (value: number): string => String(Math.round(value * 1000) / 1000);
