import { TOPIC } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { confirm, operator } from '../operator';
import { type Connection, withConnection } from '../connection';
import { examine } from '../doctor/examine';
import { describeFindings } from '../doctor/finding';
import { type PlannedSkip, planSkip, shareAnew } from '../doctor/repairs';
import { wholeNumber } from '../arguments';

interface DoctorOptions {
  readonly engine: readonly string[];
  readonly watch: number;
  readonly json: boolean;
}

interface SkipOptions {
  readonly partition: number;
  readonly to: number;
  readonly reason: string;
  readonly yes: boolean;
}

const HELP = `
Exit code 0: nothing is wrong; 1: something is, with its remedy below it.

Examples:
  perennial doctor
  perennial doctor --engine http://engine-0:8080 --engine http://engine-1:8080
  perennial doctor skip --partition 2 --to 184501 --reason "batch of an unknown codec, producer fixed"`;

const SKIP_HELP = `
For a partition that stands still since a batch of its log cannot be read; \`perennial doctor\` names the offset. What is
skipped is never processed, so keep a copy where you can. Who skipped what and why is kept (table partition_skip).`;

export function doctorCommand(terminal: Terminal): Command {
  const skip = new Command('skip')
    .description('let the engine pass over offsets that it cannot read')
    .requiredOption('--partition <n>', 'of the activity topic', wholeNumber)
    .requiredOption('--to <offset>', 'the first offset that is to be processed', wholeNumber)
    .requiredOption('--reason <text>', 'why; it is kept')
    .option('--yes', 'without asking', false)
    .addHelpText('after', SKIP_HELP)
    .action((options: SkipOptions) =>
      withConnection(terminal, (connection) => skipOffsets(connection, options, terminal)),
    );
  return new Command('doctor')
    .description('look for what is wrong with this installation')
    .option('--engine <url>', 'ask the engine there, too (repeatable)', append, [])
    .option('--watch <seconds>', 'how long a partition that is behind may stand still', wholeNumber, 3)
    .option('--json', 'print the findings as one line of JSON', false)
    .addHelpText('after', HELP)
    .action((options: DoctorOptions) => withConnection(terminal, (connection) => look(connection, options, terminal)))
    .addCommand(skip);
}

const append = (url: string, sofar: readonly string[]): string[] => [...sofar, url];

async function look(connection: Connection, { engine, watch, json }: DoctorOptions, terminal: Terminal): Promise<void> {
  const findings = await examine(connection, { engines: engine, watchMs: watch * 1000 });
  const bad = findings.filter(({ state }) => state === 'wrong').length;
  if (json) terminal.json(JSON.stringify({ ok: bad === 0, findings }));
  else terminal.out(...describeFindings(findings));
  if (bad > 0) throw new Error(`${bad} of ${findings.length} checks found something wrong.`);
}

async function skipOffsets(
  connection: Connection,
  { partition, to, reason, yes }: SkipOptions,
  terminal: Terminal,
): Promise<void> {
  if (reason.trim() === '') throw new InvalidInput('CLI.NO_REASON', '--reason is empty; say why, for who asks later.');
  const admin = connection.log.admin();
  const ranges = new Map((await admin.offsets(TOPIC.activity)).map((range) => [range.partition, range]));
  await admin.close();
  const plan = await planSkip(connection, partition, to, ranges);
  terminal.say(plan.consequence);
  if (!yes) await mustConfirm();
  await carryOut(connection, plan, reason.trim(), terminal);
}

async function mustConfirm(): Promise<void> {
  const agreed = await confirm('Skip them?');
  if (agreed === null) throw new InvalidInput('CLI.NOT_CONFIRMED', 'Nobody can be asked here: add --yes.');
  if (!agreed) throw new InvalidInput('CLI.NOT_CONFIRMED', 'Nothing was skipped.');
}

async function carryOut(
  connection: Connection,
  { partition, from, to }: PlannedSkip,
  reason: string,
  terminal: Terminal,
): Promise<void> {
  const done = await connection.skips.skip({ partition, from, to, by: operator(), reason });
  if (done === 'elsewhere')
    throw new Error(`Nothing was skipped: partition ${partition} has gone on from ${from} meanwhile. Look again.`);
  terminal.out(`skipped offsets ${from} to ${to - 1} of partition ${partition}`);
  const shared = await shareAnew(connection);
  terminal.say(
    shared ? 'The engines take the partition up again.' : 'Restart the engine: it takes the partition up again.',
  );
}
