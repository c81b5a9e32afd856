import { type DatabaseGroup, engineEnvironment, readEnvironment, toolEnvironment } from '@perennial/config';
import { Command } from 'commander';
import { once } from 'node:events';
import { EXIT } from '../exit-code';
import { withStack, type Stack } from '../stack/stack';
import type { Terminal } from '../terminal';

interface UpOptions {
  readonly reset: boolean;
  readonly once: boolean;
  readonly json: boolean;
}

export function upCommand(terminal: Terminal): Command {
  return new Command('up')
    .description('start the development stack (PostgreSQL, Kafka, all services) and stay up until Ctrl-C')
    .option('--reset', 'delete all data of the stack first', false)
    .option('--once', 'start, say where everything is, and end', false)
    .option('--json', 'print the addresses as one line of JSON', false)
    .action((options: UpOptions) => up(options, terminal));
}

async function up({ reset, once: brief, json }: UpOptions, terminal: Terminal): Promise<void> {
  const environment = readEnvironment(toolEnvironment);
  const ready = { isUp: false };
  const end = await withStack({ environment, reset, say: terminal.say }, async (stack, interrupted) => {
    ready.isUp = true;
    if (json) terminal.json(JSON.stringify(addresses(stack)));
    else terminal.out(...describe(stack));
    if (brief || !stack.own) return;
    terminal.say('Up. Ctrl-C ends it.');
    if (!interrupted.aborted) await once(interrupted, 'abort');
  });
  if (end === 'interrupted' && !ready.isUp) process.exitCode = EXIT.interrupted;
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
