import { TOPIC } from '@perennial/contracts';
import { Command, Option } from 'commander';
import { onInterrupt, type Terminal } from '@perennial/command-line';
import { findConnection } from '../connection';
import { tenantOf } from '../arguments';
import { follow, printFacts } from '../watch/follow-facts';

interface WatchOptions {
  readonly tenant?: string;
  readonly customer?: string;
  readonly signals: boolean;
  readonly fromBeginning: boolean;
  readonly json: boolean;
}

const HELP = `
Examples:
  perennial watch                              moves as they come, until Ctrl-C
  perennial watch --customer 17850 --signals   all that is stated of one customer
  perennial watch --tenant acme                those of one tenant
  perennial watch --from-beginning --json      every fact as a line of JSON, for machines`;

export function watchCommand(terminal: Terminal): Command {
  return new Command('watch')
    .description('print facts as they come')
    .option('--tenant <tenant>', 'only of this tenant; else facts of other tenants than default name theirs')
    .option('--customer <id>', 'only of this customer')
    .option('--signals', 'flips of signals, too', false)
    .option('--from-beginning', 'first what was stated so far', false)
    .addOption(new Option('--json', 'one line of JSON for each fact: topic, id, key, value').default(false))
    .addHelpText('after', HELP)
    .action((options: WatchOptions) => watch(options, terminal));
}

async function watch(options: WatchOptions, terminal: Terminal): Promise<void> {
  const { tenant, customer, json } = options;
  const watched = {
    tenant: tenant === undefined ? null : tenantOf(tenant, '--tenant'),
    customer: customer ?? null,
    json,
  };
  const connection = await findConnection(terminal);
  const interruption = onInterrupt(() => Promise.resolve());
  terminal.say('Watching. Ctrl-C ends it.');
  try {
    const end = await follow(connection, {
      topics: [TOPIC.stageChanged, ...(options.signals ? [TOPIC.signal] : [])],
      from: options.fromBeginning ? 'beginning' : 'end',
      interrupted: interruption.signal,
      batch: (batch) => {
        printFacts(batch, watched, terminal);
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
