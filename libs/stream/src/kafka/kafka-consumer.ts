import { InvariantViolation } from '@perennial/values';
import { PartitionFlows } from '../flow/partition-flows';
import type { ConsumerHandlers, LogConsumer } from '../port';
import { Fetcher } from './fetcher';
import { Membership } from './membership';
import type { KafkaSettings } from './options';

/** The group says which partitions, the claim where, the fetcher brings the records. */
export class KafkaConsumer implements LogConsumer {
  private readonly stopping = new AbortController();
  private flows: PartitionFlows | null = null;
  private membership: Membership | null = null;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly group: string,
  ) {}

  start(handlers: ConsumerHandlers): Promise<void> {
    if (this.flows !== null) throw new InvariantViolation('STREAM.STARTED_TWICE', 'a consumer is started once');
    const flows = new PartitionFlows(handlers, () => {
      fetcher.wake.notify();
    });
    const fetcher = new Fetcher(this.settings, this.topic, flows);
    this.flows = flows;
    this.membership = new Membership(this.settings, this.topic, this.group, {
      joined: (partitions) => {
        this.settings.observer.assigned(this.topic, partitions);
        flows.assign(partitions);
      },
      lost: () => {
        flows.assign([]);
      },
    });
    const { signal } = this.stopping;
    this.running = Promise.all([this.membership.run(signal), fetcher.run(signal)]);
    return Promise.resolve();
  }

  pause(partition: number): void {
    this.flows?.pause(partition);
  }

  resume(partition: number): void {
    this.flows?.resume(partition);
  }

  seek(partition: number, offset: number): void {
    this.flows?.seek(partition, offset);
  }

  halt(partition: number): void {
    this.flows?.halt(partition);
  }

  async mirror(offsets: ReadonlyMap<number, number>): Promise<void> {
    await this.membership?.mirror(offsets);
  }

  async stop(): Promise<void> {
    this.flows?.assign([]);
    this.stopping.abort();
    await this.running;
  }
}
