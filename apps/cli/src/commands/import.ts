import { DEFAULT_TENANT } from '@perennial/values';
import { Command, Option } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { addHistoryOptions, HISTORY_HELP } from '../history/history-arguments';
import { giveUpImport } from '../import/give-up-import';
import { importHistory } from '../import/import-history';
import type { ImportArguments } from '../import/import-request';

const HELP = `
Takes the past of a tenant's customers through the log, as if it had been sent when it happened, and then lets the tenant go live.
Before the first row is sent it is said what was found, and a person at the terminal is asked; --dry-run ends there. Facts of the past
are marked history.

Ended in whatever way (Ctrl-C, a crash), the same command goes on where it was, and nothing counts twice. It is the same if input,
--map, --zone and --tenant are; or by its --name. The input must not change meanwhile.

--go-live   wall: real time; what fell due between the end of the history and now is fired first, marked history.
            offset: time runs on from the newest row. Producers state no time then, or that of the tenant: activities more
            than 24 hours ahead of it are dead letters (future-timestamp), meanwhile and afterwards. Default: wall, unless the history ended more than 7 days ago: then it is
            asked for, and where nobody can be asked (no terminal) it has to be said.
--definition is published before the first row. An import that has begun goes on without it, and says so.

--late      for a tenant that has customers already, which is refused otherwise. Rows older than the newest activity of
            their customer change counts and sums, and no move that was made. The tenant keeps its clock.

--give-up   ends an import whose input is lost or has changed, by its --name and --tenant, without --input: the tenant goes live with
            what was sent, and the rest is not sent. One begun with --go-live offset may go live on wall instead.

${HISTORY_HELP}

Exit code 2: nothing was sent, and it is said what to change; 1: something is away, try again; 130: interrupted.

Examples:
  perennial import --definition retail --input orders.csv --dry-run \\
    --map "customer=customer_id,timestamp=ordered_at,event='Order Completed',total=amount,currency='GBP'"
  perennial import --input events.ndjson.gz --tenant acme --go-live wall
  perennial import --input history.sql --zone Europe/Berlin --go-live offset --yes --json
  perennial import --give-up --name orders --tenant acme`;

export function importCommand(terminal: Terminal): Command {
  const command = new Command('import').description(
    "import the past of a tenant's customers, and let the tenant go live",
  );
  addHistoryOptions(command);
  // Needed but for --give-up.
  const input = command.options.find(({ long }) => long === '--input');
  input?.makeOptionMandatory(false);
  return command
    .option('--definition <file>', 'publish this definition first: a file, or the name of a template')
    .option('--tenant <tenant>', 'whose customers', DEFAULT_TENANT)
    .option(
      '--name <name>',
      'of the import, part of the ids of rows without one (default: from input, map, zone and tenant)',
    )
    .addOption(new Option('--go-live <clock>', 'the clock of the tenant afterwards').choices(['wall', 'offset']))
    .option('--late', 'into a tenant that has customers', false)
    .option('--dry-run', 'say what would be imported, and end', false)
    .addOption(
      new Option('--give-up', 'end an import that cannot go on, with what was sent')
        .default(false)
        .conflicts(['input', 'map', 'zone', 'definition', 'late', 'dryRun']),
    )
    .option('--yes', 'without asking', false)
    .option('--json', 'print the result as one line of JSON', false)
    .addHelpText('after', HELP)
    .action(async (options: Partial<Pick<ImportArguments, 'input'>> & Omit<ImportArguments, 'input'>) => {
      const { input, giveUp } = options;
      if (giveUp) await giveUpImport(options, terminal);
      else if (input === undefined) command.error("error: required option '--input <file|query>' not specified");
      else await importHistory({ ...options, input }, terminal);
    });
}
