import { DEFAULT_TENANT, formatInstant, InvalidInput, isStorable, type TenantId } from '@perennial/values';
import type { WriteKey } from '@perennial/store';
import { Command } from 'commander';
import { inColumns, type Terminal } from '@perennial/command-line';
import { tenantOf, wholeNumber } from '../arguments';
import { type Connection, withConnection } from '../connection';
import { operator } from '../operator';
import { findTenant } from '../tenant/known-tenants';

interface CreateOptions {
  readonly tenant: string;
  readonly label?: string;
  readonly json: boolean;
}

interface ListOptions {
  readonly tenant?: string;
  readonly all: boolean;
  readonly json: boolean;
}

const HELP = `
With a write key activities of a tenant are sent by HTTP (docs/collector.md). A key is shown once, when it is created; only its
SHA-256 is kept. Collectors with DATABASE_URL take a new key, and refuse a revoked one, within two seconds. A tenant may have 20
at a time: to change a key without a gap create the new one, let senders use it, then revoke the old one. Keys of
WRITE_KEYS_FILE are not listed or revoked here.

Examples:
  perennial write-key create --label "web shop"
  KEY=$(perennial write-key create --tenant shop)
  perennial write-key list --tenant shop
  perennial write-key revoke 3`;

export function writeKeyCommand(terminal: Terminal): Command {
  return new Command('write-key')
    .description('create, list or revoke the keys with which activities are sent by HTTP')
    .addHelpText('after', HELP)
    .addCommand(
      new Command('create')
        .description('create a key and print it, this once')
        .option('--tenant <tenant>', 'whose activities are sent with it', DEFAULT_TENANT)
        .option('--label <text>', 'who uses it; shown by `list`')
        .option('--json', 'print the key and what is known of it as one line of JSON', false)
        .action((options: CreateOptions) => create(options, terminal)),
    )
    .addCommand(
      new Command('list')
        .description('id, tenant, label, and who created each')
        .option('--tenant <tenant>', 'only of this tenant')
        .option('--all', 'also those that were revoked', false)
        .option('--json', 'print each as one line of JSON', false)
        .action((options: ListOptions) => list(options, terminal)),
    )
    .addCommand(
      new Command('revoke')
        .description('let collectors refuse a key from now on, for good')
        .argument('<id>', 'as `list` shows it', wholeNumber)
        .option('--json', 'print the result as one line of JSON', false)
        .action((id: number, { json }: { readonly json: boolean }) =>
          withConnection(terminal, (connection) => revoke(connection, id, json, terminal)),
        ),
    );
}

async function create({ tenant: name, label, json }: CreateOptions, terminal: Terminal): Promise<void> {
  const tenant = tenantOf(name, '--tenant');
  const shown = await labelOf(label);
  await withConnection(terminal, async (connection) => {
    await mustHaveBeenCreated(connection, tenant);
    const made = await connection.writeKeys.create(tenant, shown, operator());
    if (made.kind !== 'created') throw await notMade(tenant, made.kind);
    if (json) terminal.json(JSON.stringify({ key: made.key, ...keyJson(made.about) }));
    else terminal.out(made.key);
    terminal.say(
      `Write key ${nameOf(made.about)}: keep it now, it is not shown again.`,
      `Collectors take it within two seconds. To revoke it: perennial write-key revoke ${made.about.id}`,
    );
  });
}

/** A tenant that only the log has named is created by its first key. */
async function mustHaveBeenCreated(connection: Connection, tenant: TenantId): Promise<void> {
  const { created } = await findTenant(connection, tenant);
  if (created === null) await connection.tenants.create(tenant, operator());
}

async function notMade(tenant: TenantId, kind: 'full' | 'no-tenant'): Promise<InvalidInput> {
  const { MAX_KEYS_PER_TENANT } = await import('@perennial/store');
  const message =
    kind === 'full'
      ? `Tenant ${tenant} has ${MAX_KEYS_PER_TENANT} write keys in force, which is the most it may have. Revoke one: perennial write-key list --tenant ${tenant}`
      : `Tenant ${tenant} could not be created: this installation has as many tenants as it takes.`;
  return new InvalidInput('CLI.NO_WRITE_KEY', `No write key was created. ${message}`);
}

async function list({ tenant: name, all, json }: ListOptions, terminal: Terminal): Promise<void> {
  const tenant = name === undefined ? null : tenantOf(name, '--tenant');
  await withConnection(terminal, async (connection) => {
    if (tenant !== null) await findTenant(connection, tenant);
    const keys = await connection.writeKeys.list(tenant);
    const shown = keys.filter(({ revoked }) => all || revoked === null);
    if (json) for (const key of shown) terminal.json(JSON.stringify(keyJson(key)));
    else terminal.out(...listKeys(shown));
    if (shown.length === 0) terminal.say('No write key is in force. Create one: perennial write-key create');
    if (shown.length < keys.length) terminal.say(`${keys.length - shown.length} revoked; --all shows them.`);
  });
}

async function revoke(connection: Connection, id: number, json: boolean, terminal: Terminal): Promise<void> {
  const revocation = await connection.writeKeys.revoke(id, operator());
  if (revocation === null)
    throw new InvalidInput('CLI.NO_WRITE_KEY', `There is no write key ${id}. \`perennial write-key list\` shows them.`);
  const { kind, about } = revocation;
  if (json) terminal.json(JSON.stringify({ ...keyJson(about), before: kind === 'before' }));
  else terminal.out(`write key ${nameOf(about)} ${kind === 'before' ? 'had been revoked' : 'revoked'}`);
  terminal.say(...consequence(kind, about, await connection.writeKeys.list(about.tenant)));
}

function consequence(kind: 'revoked' | 'before', { tenant, revoked }: WriteKey, all: readonly WriteKey[]): string[] {
  if (kind === 'before')
    return revoked === null ? [] : [`Nothing was done: ${revoked.by} revoked it ${formatInstant(revoked.at)}.`];
  const left = all.filter((key) => key.revoked === null).length;
  return [
    'Collectors that reach the database refuse it within two seconds.',
    ...(left > 0 ? [] : [`Tenant ${tenant} has no write key in force in the database now.`]),
  ];
}

async function labelOf(text: string | undefined): Promise<string | null> {
  if (text === undefined) return null;
  const { MAX_KEY_LABEL } = await import('@perennial/store');
  const label = text.trim();
  if (label !== '' && label.length <= MAX_KEY_LABEL && isStorable(label)) return label;
  throw new InvalidInput('CLI.UNREADABLE_LABEL', `--label: 1 to ${MAX_KEY_LABEL} characters.`);
}

/** Lines of `write-key list`, in columns. */
function listKeys(keys: readonly WriteKey[]): readonly string[] {
  return inColumns(keys.map((key) => [String(key.id), key.tenant, key.label ?? '-', history(key)]));
}

/** `7 of tenant shop (web shop)`. */
export function nameOf({ id, tenant, label }: WriteKey): string {
  return `${id} of tenant ${tenant}${label === null ? '' : ` (${label})`}`;
}

/** For machines; never the key. */
function keyJson({ id, tenant, label, createdAt, createdBy, revoked }: WriteKey) {
  return {
    id,
    tenant,
    label,
    createdAt: formatInstant(createdAt),
    createdBy,
    revokedAt: revoked === null ? null : formatInstant(revoked.at),
    revokedBy: revoked?.by ?? null,
  };
}

function history({ createdAt, createdBy, revoked }: WriteKey): string {
  const created = `created ${formatInstant(createdAt)} by ${createdBy}`;
  return revoked === null ? created : `${created}, revoked ${formatInstant(revoked.at)} by ${revoked.by}`;
}
