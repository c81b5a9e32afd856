import { Command } from 'commander';
import { EXIT_HELP, type Terminal } from '@perennial/command-line';
import { version } from '@perennial/dev-stack';
import { collectorCommand, engineCommand } from './commands/services';
import { customerCommand } from './commands/customer';
import { deadLetterCommand } from './commands/dead-letter';
import { definitionCommand } from './commands/definition';
import { doctorCommand } from './commands/doctor';
import { importCommand } from './commands/import';
import { initCommand } from './commands/init';
import { replayCommand } from './commands/replay';
import { sendCommand } from './commands/send';
import { startCommand } from './commands/start';
import { tenantCommand } from './commands/tenant';
import { testCommand } from './commands/test';
import { upCommand } from './commands/up';
import { watchCommand } from './commands/watch';
import { writeKeyCommand } from './commands/write-key';

const EXAMPLES = `Examples:
  npm start                                   run the sample: real orders in, stages out
  perennial up                                start the development stack and stay up
  perennial init shop --template retail       a folder for a lifecycle of your own, with a README
  perennial definition validate retail.yaml   check a lifecycle definition

Environment variables are documented in docs/configuration.md.`;

/**
 * Makes a command. Libraries that take a while to load (`await import('@perennial/definition')`, stream, store,
 * history) are imported when it runs, so that `--help` stays quick.
 */
type CommandFactory = (terminal: Terminal) => Command;

/** Every command, in the order of `--help`. */
const commands: readonly CommandFactory[] = [
  startCommand,
  upCommand,
  engineCommand,
  collectorCommand,
  importCommand,
  sendCommand,
  watchCommand,
  customerCommand,
  deadLetterCommand,
  doctorCommand,
  initCommand,
  definitionCommand,
  testCommand,
  tenantCommand,
  writeKeyCommand,
  replayCommand,
];

/** The command line. Throws `CommanderError` instead of ending the process. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('perennial')
    .description('Perennial: a self-hosted customer lifecycle engine')
    .version(version(), '--version', 'print the version')
    .helpCommand(false)
    .addHelpText('after', `\n${EXAMPLES}\n\n${EXIT_HELP}`);
  for (const make of commands) program.addCommand(make(terminal));
  throwInsteadOfExit(program, terminal);
  return program;
}

/** Commander does not hand these settings down to commands that were made on their own. */
function throwInsteadOfExit(command: Command, terminal: Terminal): void {
  command.configureOutput({
    writeErr: (text) => {
      terminal.say(...text.trimEnd().split('\n'));
    },
  });
  command.exitOverride().showHelpAfterError('(--help shows what is possible)');
  for (const child of command.commands) throwInsteadOfExit(child, terminal);
}
