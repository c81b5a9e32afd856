import { environmentWith } from '@perennial/config';
import { Command } from 'commander';
import { once } from 'node:events';
import { onInterrupt } from '../stack/interruption';
import { loadService } from '../stack/service';
import type { Terminal } from '../terminal';

export function engineCommand(terminal: Terminal): Command {
  return new Command('engine')
    .description('run the lifecycle engine alone, as in production; everything is set by the environment')
    .action(() => runEngine(terminal));
}

async function runEngine(terminal: Terminal): Promise<void> {
  const { signal: abort, release } = onInterrupt(() => Promise.resolve());
  try {
    const service = await loadService('lifecycle-engine');
    const running = await service.start({ environment: environmentWith({}), log: null, abort });
    terminal.say(`The engine is up: ${running.url}/health/ready`);
    if (!abort.aborted) await once(abort, 'abort');
    await running.stop();
  } catch (error) {
    if (!abort.aborted) throw error;
  } finally {
    release();
  }
}
