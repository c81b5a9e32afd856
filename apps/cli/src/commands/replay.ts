import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { addHistoryOptions, HISTORY_HELP } from '../history/history-arguments';
import { replay } from '../replay/replay';
import type { ReplayArguments } from '../replay/replay';
import { wholeNumber } from '../arguments';

const HELP = `
${HISTORY_HELP}

The summary tells of all that did not go plainly: outcomes (uncatalogued: no row of the definition matches; amount-left-out:
counted without its amount; after-clock: later than --until; late, …), the reasons of amounts left out, the causes of dead
letters (what the engine would set aside), and parked customers.

With --workers, one reader deals customers out to threads; summary and files are the same whatever the number.

Examples:
  perennial replay --definition retail --input deploy/sample/online-retail/orders.sql
  perennial replay --definition retail --input orders.parquet --workers all
  perennial replay --definition retail --input shop.csv.gz --zone Europe/Berlin \\
    --map "customer=customer_id,timestamp=ordered_at,event='Order Completed',id=order_no,total=amount,currency='EUR'"
  perennial replay --definition shop.yaml --input orders.csv --until 2024-06-30T23:59:59Z --facts facts.ndjson
  perennial replay --definition shop.yaml --json --input "SELECT who AS \\"customerId\\", day AS timestamp,
    'Visit' AS event FROM 'visits.parquet'"`;

/** A history through the same core as the engine's, without Kafka and PostgreSQL. */
export function replayCommand(terminal: Terminal): Command {
  const command = new Command('replay')
    .description('run a definition over past activities: stages, moves and facts, without Kafka and PostgreSQL')
    .requiredOption('--definition <file>', 'a definition (YAML), or the name of a template such as retail');
  return addHistoryOptions(command)
    .option(
      '--until <time>',
      'the last clock, inclusive; later activities are left out (default: the newest timestamp)',
    )
    .option('--workers <n|all>', 'threads that share the customers out; the result is that of one', workers, 1)
    .option('--json', 'print the summary as one line of JSON')
    .option('--facts <file>', 'write the facts as NDJSON: topic, key, value')
    .option('--states <file>', 'write where every customer ended, as NDJSON')
    .addHelpText('after', HELP)
    .action((options: ReplayArguments) => replay(options, terminal));
}

const MOST_WORKERS = 256;

function workers(text: string): number {
  if (text === 'all') return availableParallelism();
  const count = wholeNumber(text);
  if (count >= 1 && count <= MOST_WORKERS) return count;
  throw new InvalidArgumentError(`A number from 1 to ${MOST_WORKERS}, or "all", is needed.`);
}
