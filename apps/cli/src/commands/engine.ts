import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { runAlone } from '../run-alone';

export function engineCommand(terminal: Terminal): Command {
  return new Command('engine')
    .description('run the lifecycle engine alone, as in production; everything is set by the environment')
    .action(() => runAlone('lifecycle-engine', 'engine', terminal));
}
