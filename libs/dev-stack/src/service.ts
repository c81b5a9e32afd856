import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Running, ServiceOptions } from '@perennial/host';
import { repository } from './repository';

/** The built entry of a service. It takes no signals for itself: whoever starts it decides when it ends. */
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
