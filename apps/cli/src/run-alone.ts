import { environmentWith } from '@perennial/config';
import { once } from 'node:events';
import { onInterrupt, type Terminal } from '@perennial/command-line';
import { loadService } from '@perennial/dev-stack';

/** Runs one service in this process until it is interrupted, as in production; `title` is how people call it. */
export async function runAlone(name: string, title: string, terminal: Terminal): Promise<void> {
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
