import type { Problem } from '@perennial/definition';
import { Command, CommanderError } from 'commander';
import { EXIT } from '../exit-code';
import { readInput } from '../read-input';
import type { Terminal } from '../terminal';

export function definitionCommand(terminal: Terminal): Command {
  const validate = new Command('validate')
    .description('check a lifecycle definition; problems go to stderr as file:line:column')
    .argument('<file>', 'YAML file; - reads stdin')
    .option('--json', 'print the result as one line of JSON', false)
    .action((file: string, options: { readonly json: boolean }) => validateFile(file, options, terminal));
  return new Command('definition').description('work with lifecycle definitions').addCommand(validate);
}

async function validateFile(file: string, { json }: { readonly json: boolean }, terminal: Terminal): Promise<void> {
  const { compileBytes, LIMITS } = await import('@perennial/definition');
  const compiled = compileBytes(await readInput(file, LIMITS.bytes));
  const problems = compiled.ok ? compiled.warnings : compiled.problems;
  if (json) terminal.json(JSON.stringify({ file, valid: compiled.ok, problems }));
  else for (const problem of problems) terminal.say(lineOf(file, problem));
  if (!compiled.ok)
    throw new CommanderError(EXIT.badInput, 'perennial.invalidDefinition', 'the definition is not valid');
  if (!json) terminal.out(`${file}: valid (${compiled.definition.name} version ${compiled.definition.version})`);
}

function lineOf(file: string, { line, column, severity, code, message }: Problem): string {
  return `${file}:${line}:${column}: ${severity} ${code} ${message}`;
}
