import { Command } from 'commander';
import { onInterrupt, type Terminal } from '@perennial/command-line';
import { environmentWith } from '@perennial/config';
import { once } from 'node:events';
import { loadService } from '@perennial/dev-stack';

export function engineCommand(terminal: Terminal): Command {
  return new Command('engine')
    .description('run the lifecycle engine alone, as in production; everything is set by the environment')
    .action(() => runAlone('lifecycle-engine', 'engine', terminal));
}

export function collectorCommand(terminal: Terminal): Command {
  return new Command('collector')
    .description('run the collector alone, as in production: HTTP in, activities out; set by the environment')
    .action(() => runAlone('collector', 'collector', terminal));
}

/** Runs one service in this process until it is interrupted, as in production; `title` is how people call it. */
async function runAlone(name: string, title: string, terminal: Terminal): Promise<void> {
  const { signal: abort, release } = onInterrupt(() => Promise.resolve());
  try {
    const service = await loadService(name);
    const running = await service.start({ environment: environmentWith({}), log: null, abort });
    terminal.say(`The ${title} is up: ${running.url}/health/ready`);
    if (!abort.aborted) await once(abort, 'abort');
    await running.stop();
  } catch (error) {
    if (!abort.aborted) throw error;
  } finally {
    release();
  }
}
