import type { Log } from '@perennial/stream';
import { join } from 'node:path';
import { keyFrom } from './key-file';
import type { OpenParts } from './open-parts';
import type { StackHome } from './stack-home';
import type { LogAddress } from './stack-state';

/** A log that has started, or is reached. */
export interface StartedLog {
  readonly address: LogAddress;
  /** The log itself when it lives in this process. */
  readonly log: Log | null;
}

/** A durable log within this process, served to the other programs of this user on 127.0.0.1. */
export async function serveInProcessLog(home: StackHome, parts: OpenParts, port: number): Promise<StartedLog> {
  const { createInProcessLog, serveLog } = await import('@perennial/stream');
  const log = createInProcessLog({ directory: home.inProcessLog, now: Date.now, schedule: setImmediate });
  parts.closeLog = () => log.close();
  const token = keyFrom(join(home.keys, 'log'));
  const served = await serveLog(log, { token, port });
  parts.closeLog = async () => {
    await served.close();
    await log.close();
  };
  return { address: { kind: 'served', url: served.url, token }, log };
}
