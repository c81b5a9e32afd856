import { InvalidInput } from '@perennial/values';
import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { initFolder } from '../definition/init-folder';
import { TEMPLATES, templateNames, templateOf } from '../definition/templates';

interface InitOptions {
  readonly template?: string;
  readonly json: boolean;
}

const HELP = `
Makes a folder with a definition, tests of it, and a README that says what to do next. The folder must be empty, or not there yet.

Templates:
${TEMPLATES.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join('\n')}

Examples:
  perennial init shop --template retail
  perennial init accounts --template b2b-saas
  perennial init . --template telecom`;

export function initCommand(terminal: Terminal): Command {
  return new Command('init')
    .description('make a folder for a lifecycle of your own: definition, tests, README')
    .argument('<dir>', 'the folder')
    .option('--template <name>', `what to start from: ${templateNames()}`)
    .option('--json', 'print what was written as one line of JSON', false)
    .addHelpText('after', HELP)
    .action((folder: string, options: InitOptions) => {
      init(folder, options, terminal);
    });
}

function init(folder: string, { template: name, json }: InitOptions, terminal: Terminal): void {
  const template = name === undefined ? null : templateOf(name);
  if (template === null) {
    const said = name === undefined ? 'Say what to start from' : `There is no template ${JSON.stringify(name)}`;
    throw new InvalidInput('CLI.TEMPLATE', `${said}: --template with one of ${templateNames()}.`);
  }
  const files = initFolder(folder, template);
  if (json) {
    terminal.json(JSON.stringify({ folder, template: template.name, files: files.map(({ path }) => path) }));
    return;
  }
  const width = Math.max(...files.map(({ path }) => path.length));
  terminal.out(...files.map(({ path, about }) => `${path.padEnd(width)}  ${about}`));
  const [definition] = files;
  terminal.say(
    '',
    `Next: look at the README, change the definition, and check it with`,
    `  perennial definition validate ${definition?.path ?? ''}`,
  );
}
