import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Installation } from '../e2e/installation';

/** An engine alone, as in production. */
export interface EngineProcess {
  readonly url: string;
  /** Ends it as an operator would, by SIGTERM. */
  stop(): Promise<void>;
}

export async function startEngine(
  installation: Installation,
  environment: Record<string, string> = {},
): Promise<EngineProcess> {
  const child = installation.start(['engine'], { HTTP_PORT: '0', LOG_LEVEL: 'warn', ...environment });
  child.stdout?.resume();
  const url = await addressOf(child);
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    child.once('exit', () => {
      reject(new Error(`the engine ended: ${said.join('\n')}`));
    });
    createInterface({ input: child.stderr ?? process.stdin }).on('line', (line) => {
      said.push(line);
      const url = /The engine is up: (http:\S+)\/health/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
