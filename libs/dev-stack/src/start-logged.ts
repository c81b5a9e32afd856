import { join } from 'node:path';
import type { Running, ServiceOptions } from '@perennial/host';
import type { Service } from './service';
import { openServiceLog } from './service-log';
import type { StackHome } from './stack-home';

/** A start that takes longer is waiting for something that people should know of. */
const SLOW_MS = 5_000;

/** Starts a service whose log is a file of the stack; people hear of what keeps it from starting. */
export async function startLogged(
  service: Service,
  options: Omit<ServiceOptions, 'logTo'>,
  home: Pick<StackHome, 'logs'>,
  say: (line: string) => void,
  slowMs = SLOW_MS,
): Promise<Running> {
  const file = join(home.logs, `${service.name}.log`);
  const log = openServiceLog(service.name, file, say);
  const slow = setTimeout(() => {
    const why = log.warning();
    say(`Still waiting for ${service.name}${why === null ? '' : `: ${why}`}; see ${file}`);
  }, slowMs);
  try {
    const running = await service.start({ ...options, logTo: log });
    const stop = (): Promise<void> =>
      running.stop().finally(() => {
        log.close();
      });
    return { url: running.url, stop };
  } catch (error) {
    log.close();
    throw error;
  } finally {
    clearTimeout(slow);
  }
}
