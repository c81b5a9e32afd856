import type { OutRecord } from '@perennial/contracts';
import { benchDefinition, founding } from '../load/commands';
import { sendAll } from '../load/loader';
import { type EngineRun, Installation } from './engine';
import type { Servers } from './servers';
import { Site } from './site';

/** A tenant in wall time whose engine runs, with the rules of the bench. */
export class LiveGround {
  private constructor(
    readonly site: Site,
    readonly installation: Installation,
    readonly engine: EngineRun,
  ) {}

  static async open(servers: Servers, name: string, partitions: number): Promise<LiveGround> {
    const site = new Site(servers.brokers, `bench-${process.pid}-${name}.`, partitions);
    await site.open();
    await site.createTopics();
    const installation = await Installation.create(servers, site);
    const ground = new LiveGround(site, installation, installation.start());
    await ground.work('commands', 2 * partitions, founding(partitions, benchDefinition(), { kind: 'wall' }));
    return ground;
  }

  /** Sends records and waits until the engine is through with them; seconds from the first sent to the last committed. */
  async work(title: string, total: number, records: Iterable<OutRecord>): Promise<number> {
    const begun = performance.now();
    await sendAll(this.site, `send ${title}`, total, records);
    await this.installation.drained(this.engine, () => undefined);
    return (performance.now() - begun) / 1000;
  }

  async remove(): Promise<void> {
    await this.engine.stop();
    await this.installation.remove();
    await this.site.remove();
  }
}
