import { AsyncCondition, type ConsumerHandlers, type LogConsumer, SubscriptionState } from '@perennial/stream';
import { InvariantViolation } from '@perennial/values';
import type { KafkaSettings } from '../options';
import { Fetcher } from './fetcher';
import { GroupMembership } from './group-membership';

/** The group says which partitions, the claim where, the fetcher brings the records. */
export class KafkaConsumer implements LogConsumer {
  private readonly stopping = new AbortController();
  private subscription: SubscriptionState | null = null;
  private membership: GroupMembership | null = null;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly group: string,
  ) {}

  start(handlers: ConsumerHandlers): Promise<void> {
    if (this.subscription !== null) throw new InvariantViolation('STREAM.STARTED_TWICE', 'a consumer is started once');
    const changed = new AsyncCondition();
    const subscription = new SubscriptionState(handlers, changed);
    const fetcher = new Fetcher(this.settings, this.topic, subscription, changed);
    this.subscription = subscription;
    this.membership = new GroupMembership(this.settings, this.topic, this.group, {
      joined: (partitions) => {
        this.settings.observer.assigned(this.topic, partitions);
        subscription.assign(partitions);
      },
      lost: () => {
        subscription.assign([]);
      },
    });
    const { signal } = this.stopping;
    this.running = Promise.all([this.membership.run(signal), fetcher.run(signal)]);
    return Promise.resolve();
  }

  pause(partition: number): void {
    this.subscription?.pause(partition);
  }

  resume(partition: number): void {
    this.subscription?.resume(partition);
  }

  seek(partition: number, offset: number): void {
    this.subscription?.seek(partition, offset);
  }

  halt(partition: number): void {
    this.subscription?.halt(partition);
  }

  async mirror(offsets: ReadonlyMap<number, number>): Promise<void> {
    await this.membership?.commitOffsets(offsets);
  }

  async stop(): Promise<void> {
    this.subscription?.assign([]);
    this.stopping.abort();
    await this.running;
  }
}
