import type { Environment } from '@perennial/config';
import type { Log } from '@perennial/stream';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './repository';

/** What a host gives a service. */
export interface ServiceOptions {
  /** The variables it reads its configuration from; the service checks them itself and throws `ConfigurationError`. */
  readonly environment: Environment;
  /** The log, when it lives in this process; null: the service connects to the brokers of its environment. */
  readonly log: Log | null;
  /** Gives the start up: `start` then rejects soon, and leaves nothing open. Of no meaning once started. */
  readonly abort: AbortSignal;
  /** Where it writes its log, line by line; stderr when nothing is said. */
  readonly logTo?: { write(line: string): void };
}

/** A service that has started. */
export interface Running {
  /** Where its metrics and health are. */
  readonly url: string;
  /** Ends it orderly. */
  stop(): Promise<void>;
}

/** A service that can be hosted. It takes no signals for itself: its host decides when it ends. */
export interface Service {
  readonly name: string;
  start(options: ServiceOptions): Promise<Running>;
}

/** Loads the built entry `apps/NAME/src/service.ts`; apps may not import each other, so this happens at run time. */
export async function loadService(name: string, dist = join(repository, 'dist')): Promise<Service> {
  const entry = join(dist, 'apps', name, 'src', 'service.js');
  if (!existsSync(entry)) throw new Error(`The service ${name} is not built. Run \`npm run build\`.`);
  const loaded: unknown = await import(entry);
  if (!isServiceModule(loaded)) throw new Error(`${entry} does not export a function \`start\`.`);
  return { name, start: loaded.start };
}

function isServiceModule(loaded: unknown): loaded is Pick<Service, 'start'> {
  return typeof loaded === 'object' && loaded !== null && 'start' in loaded && typeof loaded.start === 'function';
}
