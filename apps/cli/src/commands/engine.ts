import { Command } from 'commander';
import { runAlone } from '../run-alone';
import type { Terminal } from '../terminal';

export function engineCommand(terminal: Terminal): Command {
  return new Command('engine')
    .description('run the lifecycle engine alone, as in production; everything is set by the environment')
    .action(() => runAlone('lifecycle-engine', 'engine', terminal));
}
