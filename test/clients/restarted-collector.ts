/** A collector on the Kafka of the test run, that is stopped and started again at one address. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, loadService } from '@perennial/dev-stack';
import type { Running } from '@perennial/host';
import { topicSpecs } from '@perennial/stream';
import { Installation } from '../e2e/installation';

export const KEY = 'write-key-of-the-shop';
/** Where the page of analytics-next comes from. */
export const PAGE_ORIGIN = 'http://shop.example.org';

let made = 0;

export class RestartedCollector {
  private running: Running | null = null;

  private constructor(
    readonly installation: Installation,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async create(): Promise<RestartedCollector> {
    const installation = await Installation.create(`clients-${++made}`);
    const log = installation.log();
    await log.admin().createTopics(topicSpecs('', 4, 1));
    await log.close();
    const folder = mkdtempSync(join(tmpdir(), 'perennial-clients-'));
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ [KEY]: 'shop' }));
    // None of those that outgoing connections take: it must be free again for the second start.
    const [port = 0] = await freePorts([null]);
    const collector = new RestartedCollector(installation, folder, port);
    await collector.start();
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const environment = {
      ...this.installation.environment,
      DATABASE_URL: undefined,
      WRITE_KEYS_FILE: join(this.folder, 'keys.json'),
      COLLECTOR_PORT: String(this.port),
      COLLECTOR_CORS_ORIGINS: PAGE_ORIGIN,
      LOG_LEVEL: 'silent',
    };
    const service = await loadService('collector');
    this.running = await service.start({ environment, log: null, abort: new AbortController().signal });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = null;
  }

  /** While the collector is away: resolves when somebody has tried to reach it, and was turned away. */
  async knocked(): Promise<void> {
    const door = createServer((socket) => socket.destroy()).listen(this.port, '127.0.0.1');
    await once(door, 'connection');
    await new Promise((resolve) => door.close(resolve));
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.installation.remove();
    rmSync(this.folder, { recursive: true });
  }
}
