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
  const interruption = onInterrupt(() => Promise.resolve());
  const service = await loadService('lifecycle-engine');
  const running = await service.start({ environment: environmentWith({}), log: null });
  terminal.say(`The engine is up: ${running.url}/health/ready`);
  if (!interruption.signal.aborted) await once(interruption.signal, 'abort');
  await running.stop();
  interruption.release();
}
