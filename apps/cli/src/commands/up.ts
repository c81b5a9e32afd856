import { type DatabaseGroup, engineEnvironment, readEnvironment, toolEnvironment } from '@perennial/config';
import { DEFAULT_TENANT, RetryableError } from '@perennial/values';
import { Command } from 'commander';
import { once } from 'node:events';
import { EXIT, type Terminal } from '@perennial/command-line';
import { type Stack, withStack } from '@perennial/dev-stack';
import { type Connection, withConnectionTo } from '../connection';
import { describePublished } from '../definition/describe-versions';
import { type Publication, publicationOf, publishDefinition } from '../definition/publish-definition';
import { tenantsWithout, withoutDefinition } from '../definition/without-definition';
import { readDefinitionFile } from '../definition/definition-file';

interface UpOptions {
  readonly reset: boolean;
  readonly once: boolean;
  readonly json: boolean;
  readonly definition?: string;
  readonly tenant: string;
}

const HELP = `
With --definition it is put into service once everything is up, as \`perennial definition publish\` does: the same file again
changes nothing; a changed one needs a higher version.

Examples:
  perennial up
  perennial up --definition shop/definition.yaml
  perennial up --once --json                      where everything is, for machines`;

export function upCommand(terminal: Terminal): Command {
  return new Command('up')
    .description('start the development stack (PostgreSQL, Kafka, all services) and stay up until Ctrl-C')
    .option('--reset', 'delete all data of the stack first', false)
    .option('--once', 'start, say where everything is, and end', false)
    .option('--json', 'print the addresses as one line of JSON', false)
    .option('--definition <file>', 'put this definition (or template) into service')
    .option('--tenant <tenant>', 'whose definition', DEFAULT_TENANT)
    .addHelpText('after', HELP)
    .action((options: UpOptions) => up(options, terminal));
}

async function up(options: UpOptions, terminal: Terminal): Promise<void> {
  const { reset, once: brief, json } = options;
  const environment = readEnvironment(toolEnvironment);
  const publication = await publicationFor(options, terminal);
  const ready = { isUp: false };
  const end = await withStack({ environment, reset, say: terminal.say }, async (stack, interrupted) => {
    await withConnectionTo(stack, async (connection) => {
      if (publication !== null) await publish(connection, publication, terminal, interrupted);
      ready.isUp = true;
      if (json) terminal.json(JSON.stringify(addresses(stack)));
      else terminal.out(...describe(stack));
      terminal.say(...(await hints(connection)));
    });
    if (brief || !stack.own) return;
    terminal.say('Up. Ctrl-C ends it.');
    if (!interrupted.aborted) await once(interrupted, 'abort');
  });
  if (end === 'interrupted' && !ready.isUp) process.exitCode = EXIT.interrupted;
}

/** Read before anything starts: what is wrong with it is told at once. */
async function publicationFor(
  { definition: file, tenant }: UpOptions,
  terminal: Terminal,
): Promise<Publication | null> {
  if (file === undefined) return null;
  const { definition, warnings } = await readDefinitionFile(file);
  terminal.say(...warnings);
  return publicationOf(definition.source, { tenant, reason: 'perennial up --definition' });
}

async function publish(
  connection: Connection,
  publication: Publication,
  { say }: Terminal,
  signal: AbortSignal,
): Promise<void> {
  say(describePublished(await publishDefinition(connection, publication, { say, signal })));
}

/** What to type for tenants without a definition; nothing while a database is away, which keeps nobody from what is up. */
async function hints(connection: Connection): Promise<readonly string[]> {
  try {
    return (await tenantsWithout(connection)).flatMap(withoutDefinition);
  } catch (error) {
    if (error instanceof RetryableError) return [];
    throw error;
  }
}

function addresses({ state: { log, database, services } }: Stack) {
  const given = (variable: typeof database.variable): string | null =>
    database.variable === variable ? database.value : null;
  return {
    kafka: log.kind === 'kafka' ? log.brokers : null,
    databaseUrl: given('DATABASE_URL'),
    databaseUrls: given('DATABASE_URLS'),
    services,
  };
}

function describe(stack: Stack): readonly string[] {
  const { kafka, services } = addresses(stack);
  const { groups } = readEnvironment(engineEnvironment, stack.environment).database;
  return [
    ...(stack.own ? [] : ['A stack is up already:']),
    `Kafka       ${kafka ?? 'none: the log is inside the process'}`,
    ...groups.map((group) => `PostgreSQL  ${placeOf(group, groups.length > 1)}  (with its password: --json)`),
    ...services.map(({ name, url }) => `${name}  ${url}/metrics  ${url}/health/ready`),
    `write keys  ${stack.environment['WRITE_KEYS_FILE'] ?? ''}`,
    `logs        ${stack.home.logs}`,
  ];
}

function placeOf({ url, first, last }: DatabaseGroup, oneOfSeveral: boolean): string {
  const shown = new URL(url);
  shown.password = '';
  return oneOfSeveral ? `${shown.toString()}, partitions ${first} to ${last}` : shown.toString();
}
