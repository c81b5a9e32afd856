import { InvariantViolation } from '@perennial/values';
import { outsideLog } from '../errors';
import type { ConsumerHandlers, LogConsumer } from '../port';
import { type AssignedPartition, SubscriptionState } from '../subscription-state';
import type { Catalogue, Topic } from './catalogue';
import { bytesOf, type ReadLimit } from './segment';

export interface ConsumerContext {
  readonly catalogue: Catalogue;
  readonly groups: Groups;
  readonly limit: ReadLimit;
  readonly schedule: (task: () => void) => void;
}

export class InProcessConsumer implements LogConsumer, Member {
  private subscription: SubscriptionState | null = null;
  private unwatch: () => void = () => undefined;
  private scheduled = false;

  constructor(
    private readonly context: ConsumerContext,
    readonly topic: string,
    private readonly group: string,
  ) {}

  start(handlers: ConsumerHandlers): Promise<void> {
    if (this.subscription !== null) throw new InvariantViolation('STREAM.STARTED_TWICE', 'a consumer is started once');
    this.subscription = new SubscriptionState(handlers, {
      notify: () => {
        this.wake();
      },
    });
    this.context.groups.join(this.group, this);
    return Promise.resolve();
  }

  assign(partitions: readonly number[]): void {
    this.unwatch();
    const topic = this.context.catalogue.find(this.topic);
    this.unwatch =
      topic?.watch(() => {
        this.wake();
      }) ?? (() => undefined);
    this.subscription?.assign(partitions);
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

  stop(): Promise<void> {
    this.context.groups.leave(this.group, this);
    this.unwatch();
    return Promise.resolve();
  }

  /** Several wakes before the scheduler's turn make one round. */
  private wake(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.context.schedule(() => {
      this.scheduled = false;
      this.deliverNext();
    });
  }

  private deliverNext(): void {
    const topic = this.context.catalogue.find(this.topic);
    if (topic === undefined) return;
    for (const assigned of this.subscription?.ready() ?? []) this.deliver(topic, assigned);
  }

  private deliver(topic: Topic, assigned: AssignedPartition): void {
    const { partition, next } = assigned;
    const high = topic.high(partition);
    if (next < 0 || next > high) {
      this.subscription?.stop(assigned, outsideLog(topic.name, partition, next, 0, high));
      return;
    }
    const records = topic.read(partition, next, this.context.limit);
    const nextOffset = next + records.length;
    this.subscription?.deliver(assigned, {
      topic: topic.name,
      partition,
      records,
      bytes: bytesOf(records),
      fromOffset: next,
      nextOffset,
      highWatermark: high,
    });
  }
}

/** A consumer, as its group sees it. */
interface Member {
  readonly topic: string;
  assign(partitions: readonly number[]): void;
}

/** Shares the partitions of each topic among the members of each group, in the order in which they joined. */
export class Groups {
  private readonly members = new Map<string, Member[]>();

  constructor(private readonly partitionsOf: (topic: string) => readonly number[]) {}

  join(group: string, member: Member): void {
    const members = this.members.get(group) ?? [];
    this.members.set(group, members);
    members.push(member);
    this.share(members, member.topic);
  }

  leave(group: string, member: Member): void {
    const members = this.members.get(group) ?? [];
    const index = members.indexOf(member);
    if (index < 0) return;
    members.splice(index, 1);
    member.assign([]);
    this.share(members, member.topic);
  }

  /** A topic came into being. */
  topicCreated(topic: string): void {
    for (const members of this.members.values()) this.share(members, topic);
  }

  private share(group: readonly Member[], topic: string): void {
    const members = group.filter((member) => member.topic === topic);
    const partitions = this.partitionsOf(topic);
    members.forEach((member, index) => {
      member.assign(partitions.filter((partition) => partition % members.length === index));
    });
  }
}
