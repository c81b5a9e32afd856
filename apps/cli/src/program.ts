import { Command } from 'commander';
import { EXIT_HELP, type Terminal } from '@perennial/command-line';
import { version } from '@perennial/dev-stack';
import { commands } from './commands';

const EXAMPLES = `Examples:
  npm start                                   run the sample: real orders in, stages out
  perennial up                                start the development stack and stay up
  perennial init shop --template retail       a folder for a lifecycle of your own, with a README
  perennial definition validate retail.yaml   check a lifecycle definition

Environment variables are documented in docs/configuration.md.`;

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
