import { InvariantViolation } from '@perennial/values';
import { PartitionFlows, type Flow } from '../flow/partition-flows';
import type { ConsumerHandlers, LogConsumer } from '../port';
import { outsideLog } from '../stream-errors';
import type { Catalogue } from './catalogue';
import type { Groups, Member } from './groups';
import { bytesOf, type ReadLimit } from './segment';
import type { Topic } from './topic';

export interface ConsumerContext {
  readonly catalogue: Catalogue;
  readonly groups: Groups;
  readonly limit: ReadLimit;
  readonly schedule: (task: () => void) => void;
}

export class InProcessConsumer implements LogConsumer, Member {
  private flows: PartitionFlows | null = null;
  private unwatch: () => void = () => undefined;
  private scheduled = false;

  constructor(
    private readonly context: ConsumerContext,
    readonly topic: string,
    private readonly group: string,
  ) {}

  start(handlers: ConsumerHandlers): Promise<void> {
    if (this.flows !== null) throw new InvariantViolation('STREAM.STARTED_TWICE', 'a consumer is started once');
    this.flows = new PartitionFlows(handlers, () => {
      this.wake();
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
    this.flows?.assign(partitions);
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
    for (const flow of this.flows?.ready() ?? []) this.deliver(topic, flow);
  }

  private deliver(topic: Topic, flow: Flow): void {
    const { partition, next } = flow;
    const high = topic.high(partition);
    if (next < 0 || next > high) {
      this.flows?.stop(flow, outsideLog(topic.name, partition, next, 0, high));
      return;
    }
    const records = topic.read(partition, next, this.context.limit);
    const nextOffset = next + records.length;
    this.flows?.deliver(flow, {
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
