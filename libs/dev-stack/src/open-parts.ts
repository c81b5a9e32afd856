import type { ServerProcess } from './server-process';
import type { Running } from '@perennial/host';

/**
 * What a stack has started, ended in this order: services, then the log, then the database. The services write to
 * both, and the log's last words may still go to the database.
 */
export class OpenParts {
  readonly services: Running[] = [];
  readonly servers: { log: ServerProcess | null; database: ServerProcess | null } = { log: null, database: null };
  /** Closes the log that lives in this process. */
  closeLog: (() => Promise<void>) | null = null;
  #ending = false;

  /** Rejects when a server ends that was not stopped. */
  async unexpectedEnd(): Promise<void> {
    await Promise.race(
      this.#running().map(async (server) => {
        const how = await server.ended;
        if (!this.#ending) throw new Error(`${server.name} ended by itself (${how}).`);
      }),
    );
  }

  /** Stops everything, in order. All stops are tried; throws the first error. */
  async close(): Promise<void> {
    this.#ending = true;
    const steps = [
      ...this.services.splice(0).map((service) => () => service.stop()),
      () => this.closeLog?.(),
      () => this.servers.log?.stop(),
      () => this.servers.database?.stop(),
    ];
    const errors: unknown[] = [];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  /** Ends the servers now. */
  async kill(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#running().map((server) => server.kill()));
  }

  #running(): ServerProcess[] {
    return [this.servers.log, this.servers.database].filter((server) => server !== null);
  }
}
