import { readEnvironment, toolEnvironment } from '@perennial/config';
import { Command } from 'commander';
import { once } from 'node:events';
import { EXIT, type Terminal } from '@perennial/command-line';
import { type Stack, withStack } from '@perennial/dev-stack';
import { type Connection, withConnectionTo } from '../connection';
import { goLive, holdClock, runMainJob, stopClock } from '../main-job/main-job';
import { describeSummary } from '../main-job/summary';

interface StartOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly reset: boolean;
}

const HELP = `
Starts the development stack, sends the orders of the sample through it, and prints what became of the customers.
Then it stays up: the customers live on from the end of their history until Ctrl-C. Run again, it goes on where it was.

Examples:
  npm start                          the job, then live until Ctrl-C
  npm start -- --once                the job, then end
  npm start -- --once --json         the result as the last line of stdout, for machines
  npm start -- --reset               from the beginning`;

export function startCommand(terminal: Terminal): Command {
  return new Command('start')
    .description('run the sample: real orders in, stages out; then stay up, live')
    .option('--once', 'end when the job is done', false)
    .option('--json', 'print the result as one line of JSON', false)
    .option('--reset', 'delete all data of the stack first', false)
    .option('--yes', 'install what is missing without asking (read by `npm start`)', false)
    .addHelpText('after', HELP)
    .action((options: StartOptions) => start(options, terminal));
}

async function start(options: StartOptions, terminal: Terminal): Promise<void> {
  const environment = readEnvironment(toolEnvironment);
  const beforeServices = (stack: Stack): Promise<void> => withConnectionTo(stack, holdClock);
  const live = { reached: false };
  const setting = { environment, reset: options.reset, say: terminal.say, beforeServices };
  const end = await withStack(setting, (stack, interrupted) =>
    withConnectionTo(stack, (connection) => run(stack, connection, options, terminal, interrupted, live)),
  );
  if (end === 'interrupted' && !live.reached) process.exitCode = EXIT.interrupted;
}

async function run(
  { own }: Stack,
  connection: Connection,
  { once: brief, json }: StartOptions,
  terminal: Terminal,
  interrupted: AbortSignal,
  live: { reached: boolean },
): Promise<void> {
  const summary = await runMainJob(connection, terminal.say, interrupted);
  interrupted.throwIfAborted();
  if (json) terminal.json(JSON.stringify(summary));
  else terminal.out(...describeSummary(summary));
  if (brief) return;
  await goLive(connection, interrupted);
  if (!own) {
    terminal.say('Live, in the process that started this stack.');
    return;
  }
  live.reached = true;
  terminal.say('Live: time runs on from the end of history. Ctrl-C ends it.');
  if (!interrupted.aborted) await once(interrupted, 'abort');
  await stopClock(connection);
}
