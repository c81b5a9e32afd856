import { randomUUID } from 'node:crypto';
import { type Activity, timeTextFlaw } from '@perennial/contracts';
import {
  type CustomerId,
  DEFAULT_TENANT,
  formatInstant,
  InvalidInput,
  type Json,
  type JsonObject,
  parseInstant,
  type TenantId,
} from '@perennial/values';
import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { type Connection, withConnection } from '../connection';
import { readClock, timeNow } from '../main-job/tenant-clock';
import { remarksOn } from '../send/remarks';
import { sendActivity } from '../log-producer';
import { findTenant } from '../tenant/known-tenants';
import { tenantOf } from '../arguments';

interface SendOptions {
  readonly tenant: string;
  readonly total?: string;
  readonly currency?: string;
  readonly property: Readonly<Record<string, Json>>;
  readonly at?: string;
  readonly id?: string;
  readonly json: boolean;
}

interface Sent {
  readonly messageId: string;
  readonly userId: string;
  readonly event: string;
  readonly properties: JsonObject;
}

const HELP = `
Examples:
  perennial send 17850 "Order Completed" --total 25.00 --currency GBP
  perennial send 17850 "Order Completed" --property coupon=SPRING --at 2011-12-10T09:00:00Z`;

export function sendCommand(terminal: Terminal): Command {
  return new Command('send')
    .description("send one activity, stamped with the tenant's clock")
    .argument('<customer>', 'whose activity it is')
    .argument('<event>', 'its name, as the definition knows it')
    .option('--total <amount>', 'the property `total`, an exact decimal')
    .option('--currency <code>', 'the property `currency`')
    .option('--property <name=value>', 'any property; JSON values are read as such (repeatable)', property, {})
    .option('--at <time>', "event time, ISO 8601 with a zone (default: now, on the tenant's clock)")
    .option('--id <id>', 'id: sent again with the same one it counts once (default: random)')
    .option('--tenant <tenant>', 'tenant', DEFAULT_TENANT)
    .option('--json', 'print what was sent as one line of JSON', false)
    .addHelpText('after', HELP)
    .action((customer: string, event: string, options: SendOptions) => send(customer, event, options, terminal));
}

async function send(customer: string, event: string, options: SendOptions, terminal: Terminal): Promise<void> {
  const tenant = tenantOf(options.tenant, '--tenant');
  if (options.total !== undefined) refuseNoAmount(options.total);
  const stated = options.at === undefined ? null : instantOf(options.at);
  await withConnection(terminal, async (connection) => {
    if (tenant !== DEFAULT_TENANT) await findTenant(connection, tenant);
    const { total, currency, property: properties } = options;
    const message = {
      type: 'track' as const,
      messageId: options.id ?? randomUUID(),
      userId: customer,
      event,
      ...(await timeOf(options, connection, tenant, stated)),
      properties: {
        ...properties,
        ...(total === undefined ? {} : { total }),
        ...(currency === undefined ? {} : { currency }),
      },
    };
    terminal.say(...(await remarksOn(connection, tenant, activityOf(message))));
    const { partition = null, baseOffset: offset = null } = (await sendActivity(connection.log, tenant, message)) ?? {};
    const when = message.timestamp ?? 'the time of its arrival';
    if (options.json) terminal.json(JSON.stringify({ ...message, partition, offset }));
    else
      terminal.out(
        `sent ${message.messageId}: ${event} of ${customer} at ${when}, partition ${partition}, offset ${offset}`,
      );
  });
}

/** As the engine reads it, so far as a definition looks at it. */
function activityOf({ messageId: id, userId, event, properties }: Sent): Activity {
  return { id, customer: userId as CustomerId, type: 'track', event, at: null, properties };
}

function refuseNoAmount(text: string): void {
  if (/^-?\d+(\.\d+)?$/.test(text)) return;
  throw new InvalidInput('CLI.UNREADABLE_AMOUNT', `--total ${text}: write an exact decimal, such as 25.00.`);
}

/**
 * A repeat has to state the time of its original, or none: with an id and no time, the engine takes the time of its
 * arrival, on the tenant's clock, and looks for the id.
 */
async function timeOf(
  { id }: SendOptions,
  connection: Connection,
  tenant: TenantId,
  stated: number | null,
): Promise<{ readonly timestamp?: string }> {
  if (id !== undefined && stated === null) return {};
  return { timestamp: formatInstant(stated ?? (await timeNow(await readClock(connection, tenant), Date.now()))) };
}

function instantOf(text: string): number {
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  throw new InvalidInput('CLI.UNREADABLE_TIME', `--at${text === '' ? '' : ` ${text}`} ${timeTextFlaw(text)}.`);
}

function property(pair: string, sofar: Readonly<Record<string, Json>>): Record<string, Json> {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new InvalidInput('CLI.UNREADABLE_PROPERTY', `--property ${pair}: write it as name=value.`);
  return { ...sofar, [pair.slice(0, equals)]: valueOf(pair.slice(equals + 1)) };
}

/** JSON where it is JSON, else the text itself. */
function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
