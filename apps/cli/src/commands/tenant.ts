import { formatInstant, InvalidInput, type TenantId } from '@perennial/values';
import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { type Connection, withConnection } from '../connection';
import { newestOf, versionsOf } from '../definition/versions';
import { operator } from '../operator';
import {
  describeTenant,
  findTenant,
  type KnownTenant,
  knownTenants,
  listTenants,
  type TenantView,
} from '../tenant/known-tenants';
import { tenantOf } from '../arguments';

interface Output {
  readonly json: boolean;
}

const HELP = `
A tenant is one company that uses this installation: activities, definitions and write keys belong to one. \`default\` is always
there. A tenant that was not created, and that the log has named, is listed too. There are at most 1,000.

Examples:
  perennial tenant create shop
  perennial definition publish shop.yaml --tenant shop --reason "first version"
  perennial write-key create --tenant shop --label "web shop"
  perennial tenant show shop`;

export function tenantCommand(terminal: Terminal): Command {
  const json = ['--json', 'print the result as one line of JSON', false] as const;
  return new Command('tenant')
    .description('list, show or create tenants')
    .addHelpText('after', HELP)
    .addCommand(
      new Command('list')
        .description('all tenants, with their customers and write keys')
        .option('--json', 'print each as one line of JSON', false)
        .action((output: Output) => withConnection(terminal, (connection) => list(connection, output, terminal))),
    )
    .addCommand(
      new Command('show')
        .description('definition, time, customers by stage, write keys')
        .argument('<name>', 'as `list` shows it')
        .option(...json)
        .action((name: string, output: Output) => show(name, output, terminal)),
    )
    .addCommand(
      new Command('create')
        .description('create a tenant, so that it can have write keys')
        .argument('<name>', '1 to 64 characters without a colon')
        .option(...json)
        .action((name: string, output: Output) => create(name, output, terminal)),
    );
}

async function list(connection: Connection, { json }: Output, terminal: Terminal): Promise<void> {
  const tenants = await knownTenants(connection);
  if (json) for (const tenant of tenants) terminal.json(JSON.stringify(knownJson(tenant)));
  else terminal.out(...listTenants(tenants));
}

async function show(text: string, { json }: Output, terminal: Terminal): Promise<void> {
  const name = tenantOf(text, 'name');
  await withConnection(terminal, async (connection) => {
    const view = await viewOf(connection, name);
    if (json) terminal.json(JSON.stringify(viewJson(view)));
    else terminal.out(...describeTenant(view));
  });
}

async function create(text: string, { json }: Output, terminal: Terminal): Promise<void> {
  const name = tenantOf(text, 'name');
  await withConnection(terminal, async (connection) => {
    const outcome = await connection.tenants.create(name, operator());
    if (outcome !== 'created') throw await notCreated(connection, name, outcome);
    if (json) terminal.json(JSON.stringify(knownJson(await findTenant(connection, name))));
    else terminal.out(`tenant ${name} created`);
    terminal.say(
      'Next:',
      `  perennial definition publish FILE --tenant ${name} --reason TEXT   what its stages are`,
      `  perennial write-key create --tenant ${name}                        so that activities can come by HTTP`,
    );
  });
}

async function notCreated(connection: Connection, name: TenantId, outcome: 'exists' | 'full'): Promise<InvalidInput> {
  if (outcome === 'full') {
    const { MAX_TENANTS } = await import('@perennial/store');
    const message = `Nothing was created: this installation has ${MAX_TENANTS} tenants, which is the most it takes.`;
    return new InvalidInput('CLI.TOO_MANY_TENANTS', message);
  }
  const { created } = await findTenant(connection, name);
  const since = created === null ? '' : `, created ${formatInstant(created.at)} by ${created.by}`;
  const message = `Tenant ${name} exists already${since}. Look at it: perennial tenant show ${name}`;
  return new InvalidInput('CLI.TENANT_EXISTS', message);
}

async function viewOf(connection: Connection, name: TenantId): Promise<TenantView> {
  const known = await findTenant(connection, name);
  const { stages } = await connection.reports.summary(name);
  const state = (await connection.reports.tenants()).find((each) => each.state.tenant === name)?.state ?? null;
  return {
    ...known,
    stages,
    definition: await definitionOf(connection, name),
    time: state === null ? null : { source: state.source.kind, bootstrap: state.bootstrap.kind !== 'off' },
    keys: await connection.writeKeys.list(name),
  };
}

/** The newest; a partition that is behind may not have it yet. */
async function definitionOf({ published }: Connection, tenant: TenantId): Promise<TenantView['definition']> {
  const versions = await versionsOf(await published.of(tenant));
  const newest = newestOf(versions);
  return newest === null ? null : { name: newest.name, version: newest.version, published: versions.length };
}

function knownJson({ name, created, customers, writeKeys }: KnownTenant) {
  const by = created === null ? null : { at: formatInstant(created.at), by: created.by };
  return { name, created: by, customers, writeKeys };
}

function viewJson(view: TenantView) {
  const { stages, definition, time, keys } = view;
  const inForce = keys.filter(({ revoked }) => revoked === null).map(({ id, label }) => ({ id, label }));
  return { ...knownJson(view), stages, definition, time, keys: inForce };
}
