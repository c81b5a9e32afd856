import {
  headerText,
  type LogBatch,
  type LogRecord,
  type SignalFact,
  type StageChanged,
  TOPIC,
} from '@perennial/contracts';
import { Command, Option } from 'commander';
import { onInterrupt } from '../stack/interruption';
import type { Terminal } from '../terminal';
import { findConnection } from '../connection';
import { describeFact } from '../watch/describe-fact';
import { follow } from '../watch/follow';

interface WatchOptions {
  readonly customer?: string;
  readonly signals: boolean;
  readonly fromBeginning: boolean;
  readonly json: boolean;
}

const HELP = `
Examples:
  perennial watch                              moves as they come, until Ctrl-C
  perennial watch --customer 17850 --signals   all that is stated of one customer
  perennial watch --from-beginning --json      every fact as a line of JSON, for machines`;

export function watchCommand(terminal: Terminal): Command {
  return new Command('watch')
    .description('print facts as they come')
    .option('--customer <id>', 'only of this customer')
    .option('--signals', 'flips of signals, too', false)
    .option('--from-beginning', 'first what was stated so far', false)
    .addOption(new Option('--json', 'one line of JSON for each fact: topic, id, key, value').default(false))
    .addHelpText('after', HELP)
    .action((options: WatchOptions) => watch(options, terminal));
}

async function watch(options: WatchOptions, terminal: Terminal): Promise<void> {
  const connection = await findConnection(terminal);
  const interruption = onInterrupt(() => Promise.resolve());
  terminal.say('Watching. Ctrl-C ends it.');
  try {
    const end = await follow(connection, {
      topics: [TOPIC.stageChanged, ...(options.signals ? [TOPIC.signal] : [])],
      from: options.fromBeginning ? 'beginning' : 'end',
      interrupted: interruption.signal,
      batch: (batch) => {
        printBatch(batch, options, terminal);
      },
    });
    if (end === 'ended') terminal.say('The stack has ended.');
    if (end === 'killed')
      throw new Error('The process that ran the stack is gone without having ended it. Start it again.');
  } finally {
    interruption.release();
    await connection.close();
  }
}

/** A repeat after a crash is printed again: this looks at the log as it is. */
function printBatch({ topic, records }: LogBatch, { customer, json }: WatchOptions, terminal: Terminal): void {
  for (const record of records) {
    const fact = factOf(record);
    if (fact === null || (customer !== undefined && fact.customer !== customer)) continue;
    const id = headerText(record.headers, 'ce_id');
    if (json) terminal.json(JSON.stringify({ topic, id, key: text(record.key), value: fact }));
    else terminal.out(describeFact(fact));
  }
}

function factOf({ value }: LogRecord): StageChanged | SignalFact | null {
  return value === null ? null : (JSON.parse(text(value)) as StageChanged | SignalFact);
}

const text = (bytes: Uint8Array | null): string => (bytes === null ? '' : new TextDecoder().decode(bytes));
