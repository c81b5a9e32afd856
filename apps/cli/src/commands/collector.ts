import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { runAlone } from '../run-alone';

export function collectorCommand(terminal: Terminal): Command {
  return new Command('collector')
    .description('run the collector alone, as in production: HTTP in, activities out; set by the environment')
    .action(() => runAlone('collector', 'collector', terminal));
}
