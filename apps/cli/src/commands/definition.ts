import { DEFAULT_TENANT } from '@perennial/values';
import type { Problem } from '@perennial/definition';
import { Command, CommanderError } from 'commander';
import { EXIT, onInterrupt, type Terminal } from '@perennial/command-line';
import { withConnection } from '../connection';
import {
  describeDefinitions,
  describePublished,
  describeVersion,
  publishedJson,
  versionJson,
} from '../definition/describe-versions';
import { definitionsOf, findVersion } from '../definition/versions';
import { publicationOf, publishDefinition } from '../definition/publish-definition';
import { definitionFileOf, TEMPLATES } from '../definition/templates';
import { readDefinitionFile, readInput } from '../definition/definition-file';
import { tenantOf } from '../arguments';

const HELP = `
A definition says what counts as activity, what is remembered of a customer, and which stages there are. What is published
stays as it is: a change is a new version. Customers who are there stay in their version, new ones enter the newest.

Examples:
  perennial definition templates
  perennial definition validate shop/definition.yaml
  perennial definition publish shop/definition.yaml --reason "quiet after 45 days"
  perennial definition list
  perennial definition show retail > in-service.yaml`;

const PUBLISH_HELP = `
Puts a definition into service: checks it, sends it to every partition of the log as a signed command, and waits until each has
taken it. The same file again changes nothing. Ctrl-C ends the waiting; what was sent is taken all the same.

Refused, with exit code 2: a definition that is not valid; the number of a published version with another text (with the
difference); another name than the one in service; a version below the newest.

Examples:
  perennial definition publish shop/definition.yaml --reason "first version"
  perennial definition publish retail --reason "to try it" --tenant acme
  git show main:shop.yaml | perennial definition publish - --reason "as on main" --author ann@example.com --json`;

export function definitionCommand(terminal: Terminal): Command {
  return new Command('definition')
    .description('check lifecycle definitions, put them into service, see what is in service')
    .addHelpText('after', HELP)
    .addCommand(validateCommand(terminal))
    .addCommand(publishCommand(terminal))
    .addCommand(listCommand(terminal))
    .addCommand(showCommand(terminal))
    .addCommand(templatesCommand(terminal));
}

const validateCommand = (terminal: Terminal): Command =>
  new Command('validate')
    .description('check a lifecycle definition; problems go to stderr as file:line:column')
    .argument('<file>', 'YAML file; - reads stdin')
    .option('--json', 'print the result as one line of JSON', false)
    .action((file: string, options: Json) => validateFile(file, options, terminal));

const publishCommand = (terminal: Terminal): Command =>
  new Command('publish')
    .description('put a definition into service')
    .argument('<file>', 'YAML file, - for stdin, or the name of a template')
    .requiredOption('--reason <text>', 'why; it is kept')
    .option('--author <name>', 'who; it is kept (default: PERENNIAL_AUTHOR, else user@machine)')
    .option('--tenant <tenant>', 'whose customers', DEFAULT_TENANT)
    .option('--json', 'print the result as one line of JSON', false)
    .addHelpText('after', PUBLISH_HELP)
    .action((file: string, options: PublishOptions) => publishFile(file, options, terminal));

const listCommand = (terminal: Terminal): Command =>
  new Command('list')
    .description('what is in service: versions, customers in each, who published it, when and why')
    .option('--tenant <tenant>', 'only of this tenant')
    .option('--json', 'print it as one line of JSON', false)
    .action(({ tenant, json }: Json & { readonly tenant?: string }) =>
      withConnection(terminal, async (connection) => {
        const all = await definitionsOf(connection, tenant === undefined ? null : tenantOf(tenant, '--tenant'));
        const versions = all.flatMap((of) => of.versions.toReversed().map((one) => versionJson(one, of)));
        if (json) terminal.json(JSON.stringify({ definitions: versions }));
        else terminal.out(...all.flatMap(describeDefinitions));
      }),
    );

const showCommand = (terminal: Terminal): Command =>
  new Command('show')
    .description('the YAML as it was published, on stdout; who, when and why on stderr')
    .argument('<name[@version]>', 'as `list` shows it; without a version the newest')
    .option('--tenant <tenant>', 'tenant', DEFAULT_TENANT)
    .option('--json', 'print all of it as one line of JSON', false)
    .addHelpText(
      'after',
      '\nExamples:\n  perennial definition show retail\n  perennial definition show retail@1 > before.yaml',
    )
    .action((named: string, { tenant, json }: Json & { readonly tenant: string }) =>
      withConnection(terminal, async (connection) => {
        const { found, of } = await findVersion(connection, named, tenantOf(tenant, '--tenant'));
        if (json) terminal.json(JSON.stringify({ ...versionJson(found, of), source: found.source }));
        else {
          terminal.say(...describeVersion(found, of));
          terminal.text(found.source);
        }
      }),
    );

const templatesCommand = (terminal: Terminal): Command =>
  new Command('templates')
    .description('definitions to start from')
    .option('--json', 'print them as one line of JSON', false)
    .action(({ json }: Json) => {
      const templates = TEMPLATES.map((one) => ({ name: one.name, about: one.about, file: definitionFileOf(one) }));
      if (json) terminal.json(JSON.stringify({ templates }));
      else {
        const width = Math.max(...TEMPLATES.map(({ name }) => name.length));
        terminal.out(...TEMPLATES.map(({ name, about }) => `${name.padEnd(width)}  ${about}`));
        terminal.say(`A folder of your own: perennial init DIR --template ${TEMPLATES[0]?.name ?? 'NAME'}`);
      }
    });

interface Json {
  readonly json: boolean;
}

interface PublishOptions extends Json {
  readonly reason: string;
  readonly author?: string;
  readonly tenant: string;
}

async function publishFile(file: string, options: PublishOptions, terminal: Terminal): Promise<void> {
  const { definition, warnings } = await readDefinitionFile(file);
  const publication = publicationOf(definition.source, options);
  terminal.say(...warnings);
  const { signal, release } = onInterrupt(() => Promise.resolve());
  try {
    await withConnection(terminal, async (connection) => {
      const published = await publishDefinition(connection, publication, { say: terminal.say, signal });
      if (options.json) terminal.json(publishedJson(published));
      else terminal.out(describePublished(published));
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = EXIT.interrupted;
  } finally {
    release();
  }
}

async function validateFile(file: string, { json }: Json, terminal: Terminal): Promise<void> {
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
