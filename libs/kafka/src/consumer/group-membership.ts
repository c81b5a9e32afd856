/**
 * Membership of one consumer in its group. kafkajs' consumer ties heartbeats to fetching, so that a slow handler costs
 * the partitions; here they have a timer of their own. Only the group protocol of kafkajs is used.
 * Invariants:
 * 1. `joined` is told each assignment. `lost` is told when the membership ended, and before an assignment when the group may have
 *    gone on without this member in between: the broker gave it another id, or there was a generation that it did not join.
 * 2. A new connection comes back as the same member, so that the group need not wait for the old one to expire.
 * 3. A member that stops leaves the group, unless the broker does not answer.
 */
import { PartitionAssigners } from 'kafkajs';
import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup';
import { errorText } from '@perennial/values';
import { type Connection, connectTo, openConnection } from '../connection';
import { asStreamError, protocolError } from '../kafka-errors';
import type { KafkaSettings } from '../options';
import { ConnectionStatus, reconnectLoop, sleep } from '../reconnect';

export interface MembershipEvents {
  joined(partitions: readonly number[]): void;
  lost(): void;
}

/** The answers to a heartbeat after which a member joins anew. */
const REJOIN = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'NOT_COORDINATOR_FOR_GROUP'];

export class GroupMembership {
  private group: ConsumerGroup | null = null;
  private memberId: string | null = null;
  private generation: number | null = null;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly groupId: string,
    private readonly events: MembershipEvents,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const status = new ConnectionStatus(`group:${this.groupId}`, this.settings);
    await reconnectLoop(status, signal, async (connected) => {
      const connection = openConnection(this.settings);
      // A join may take as long as the slowest member of the group; a stop does not wait for it.
      const giveUp = () => setTimeout(connection.destroy, this.settings.requestTimeoutMs).unref();
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        await this.joinLoop(connection, signal, connected);
      } catch (error) {
        this.loseMembership();
        throw asStreamError(error, `being a member of group ${this.groupId}`, this.topic);
      } finally {
        this.group = null;
        signal.removeEventListener('abort', giveUp);
        connection.destroy();
      }
    });
    status.closed();
  }

  /** Writes offsets to the group, for lag tools: never read back. Never rejects. */
  async commitOffsets(offsets: ReadonlyMap<number, number>): Promise<void> {
    const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) }));
    try {
      await this.group?.commitOffsets({ topics: [{ topic: this.topic, partitions }] });
    } catch (error) {
      this.settings.logger.debug({ group: this.groupId, error: errorText(error) }, 'offsets were not mirrored');
    }
  }

  private async joinLoop(connection: Connection, signal: AbortSignal, connected: () => void): Promise<void> {
    await connectTo(connection, this.topic);
    const group = this.createGroup(connection);
    while (!signal.aborted) {
      await group.joinAndSync();
      this.noteJoin(group);
      connected();
      if (stopped(signal)) break;
      this.events.joined(group.assigned().flatMap(({ partitions }) => partitions));
      await this.heartbeatLoop(group, signal);
    }
    await group.leave();
  }

  private noteJoin(group: ConsumerGroup): void {
    const { memberId, generationId } = group;
    const followed = this.memberId === memberId && this.generation !== null && generationId === this.generation + 1;
    if (!followed) this.loseMembership();
    this.memberId = memberId;
    this.generation = generationId;
    this.group = group;
  }

  /** Nothing that was assigned is this member's any more. */
  private loseMembership(): void {
    if (this.generation === null) return;
    this.generation = null;
    this.events.lost();
  }

  /** Until the group changes; throws when the coordinator does not answer. */
  private async heartbeatLoop(group: ConsumerGroup, signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(this.settings.heartbeatMs, signal);
      if (signal.aborted) return;
      try {
        await group.heartbeat({ interval: 0 });
      } catch (error) {
        if (REJOIN.includes(protocolError(error) ?? '')) return;
        throw error;
      }
    }
  }

  private createGroup({ cluster, logger, retry }: Connection): ConsumerGroup {
    const { settings, topic, groupId } = this;
    const group = new ConsumerGroup({
      cluster,
      logger,
      retry: { ...retry, retries: 10 },
      groupId,
      topics: [topic],
      topicConfigurations: { [topic]: { fromBeginning: false } },
      assigners: [PartitionAssigners.roundRobin({ cluster, groupId, logger })],
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: settings.rebalanceTimeoutMs,
      autoCommit: false,
      instrumentationEmitter: { emit: () => undefined },
    });
    group.memberId = this.memberId;
    return group;
  }
}

/** A function, since the compiler does not expect the answer to change while a join is awaited. */
function stopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
