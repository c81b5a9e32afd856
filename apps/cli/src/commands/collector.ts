import { Command } from 'commander';
import { runAlone } from '../run-alone';
import type { Terminal } from '../terminal';

export function collectorCommand(terminal: Terminal): Command {
  return new Command('collector')
    .description('run the collector alone, as in production: HTTP in, activities out; set by the environment')
    .action(() => runAlone('collector', 'collector', terminal));
}
