/** How `replay` and `import` are told what a history is, its help, and how they open it: the same for both. */
import type { History, HistoryOptions } from '@perennial/history';
import { type Command, Option } from 'commander';
import { openLateProgress } from '@perennial/command-line';

/** As the command line gives them. */
export interface HistoryArguments {
  readonly input: string;
  readonly map?: string;
  readonly zone?: string;
}

/** Adds `--input`, `--map` and `--zone` to a command. */
export function addHistoryOptions(command: Command): Command {
  const input = new Option(
    '--input <file|query>',
    'a .csv, .ndjson, .jsonl or .parquet file, a .sql file, or a DuckDB query',
  );
  return command
    .addOption(input.makeOptionMandatory())
    .option('--map <list>', 'which columns are meant: customer=COLUMN,timestamp=COLUMN,event=COLUMN,total=COLUMN')
    .option('--zone <name>', 'time zone of times that state none, such as Europe/Berlin');
}

/** Opens a history, with a progress bar when that takes long. Throws `InvalidInput`, also when `--map` cannot be read. */
export async function openHistoryOf(
  { input, map, zone }: HistoryArguments,
  more: Pick<HistoryOptions, 'order' | 'signal' | 'memoryLimit'>,
): Promise<History> {
  const { openHistory, parseColumnMap } = await import('@perennial/history');
  const columns = map === undefined ? null : parseColumnMap(map);
  const progress = openLateProgress({ title: 'reading', unit: 'percent', total: 100 });
  const onProgress = (percentage: number): void => {
    progress.update(Math.floor(percentage));
  };
  try {
    return await openHistory({ ...more, input, map: columns, zone: zone ?? null, onProgress });
  } finally {
    progress.stop();
  }
}

export const HISTORY_HELP = `The input, a file (also compressed: .csv.gz, .ndjson.zst) or a query, has the columns customerId, timestamp, event and may have
type (default track), id, properties (JSON). Other columns are named by --map:
  --map "customer=customer_id,timestamp=ordered_at,event='Order Completed',total=gross_gbp,currency='GBP'"
customer, timestamp and event are needed; id, type and properties (a whole object) are possible; every other name becomes a
property. A text in 'single quotes' is the same in every row; a column with a comma, a quote or = in its name stands in
"double quotes". Of a CSV file, a property is numbers where all its values are, and absent where the cell is empty.

A time is RFC 3339 text with a zone (2024-05-01T10:00:00+02:00), milliseconds since 1970, or, in Parquet and queries, DATE,
TIMESTAMP or TIMESTAMPTZ. Text without a zone (2024-05-01 10:00, 2024-05-01) needs --zone; DATE and TIMESTAMP are in UTC
without it. Rows are sorted by time, then by id (queries), then stay as they came. CSV is RFC 4180 in UTF-8: commas, one
header line. For semicolons, decimal commas and other dates use a query; docs/history.md has one for each. In the query of
a .sql file getvariable('here') is its folder. One row that cannot be read refuses the whole input, with line and remedy.`;
