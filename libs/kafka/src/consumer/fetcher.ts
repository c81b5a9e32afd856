/**
 * Fetches the partitions of one topic that its target wants, wherever their leaders are. kafkajs' own consumer resets an
 * offset that is out of range without a word, hides the offsets it stepped over, and dies of a batch it cannot read;
 * here the position belongs to the target, and only the network part of kafkajs is used.
 * Invariants:
 * 1. A partition is fetched at the target's position and nowhere else. Where the log does not have that offset, or the
 *    batch there cannot be read, the partition is stopped with the reason; nothing is skipped.
 *    Of one whose owner has paused it nothing is fetched; what was fetched before is decompressed no further, and dropped before long.
 * 2. A fetch belongs to the assigned partition and the position it was made for; the target decides whether they still hold.
 * 3. Whatever else goes wrong (leader moved, connection lost, time-out), the connection is thrown away, metadata
 *    included, and a new one goes on at the same positions.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cluster } from 'kafkajs';
import { AsyncCondition } from '@perennial/stream';
import { connectTo, openConnection } from '../connection';
import { asStreamError } from '../kafka-errors';
import type { KafkaSettings } from '../options';
import { ConnectionStatus, reconnectLoop } from '../reconnect';
import { BrokerFetch, type FetchRound, type FetchTarget } from './broker-fetch';

export class Fetcher {
  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly target: FetchTarget,
    /** To be notified when the target may want more. */
    private readonly changed = new AsyncCondition(),
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const status = new ConnectionStatus(`fetch:${this.topic}`, this.settings);
    await reconnectLoop(status, signal, async (connected) => {
      const connection = openConnection(this.settings);
      const end = () => {
        connection.destroy();
        this.changed.notify();
      };
      signal.addEventListener('abort', end, { once: true });
      try {
        await connectTo(connection, this.topic);
        connected();
        await this.serveAll(connection.cluster, signal);
      } catch (error) {
        throw asStreamError(error, `reading topic ${this.topic}`, this.topic);
      } finally {
        signal.removeEventListener('abort', end);
        end();
      }
    });
    status.closed();
  }

  /** One loop for each broker that leads a partition, so that a broker without news does not hold up the others. */
  private async serveAll(cluster: Cluster, signal: AbortSignal): Promise<void> {
    const leaders = new Map(
      cluster.findTopicPartitionMetadata(this.topic).map(({ partitionId, leader }) => [partitionId, leader]),
    );
    const round: FetchRound = { cluster, changed: this.changed, over: false };
    const serve = async (node: number) => {
      const broker = new BrokerFetch(this.settings, this.topic, this.target, round, node);
      while (!round.over && !signal.aborted) {
        const mine = this.target.ready().filter((one) => leaders.get(one.partition) === node && broker.isFree(one));
        if (mine.length === 0) await this.changed.wait();
        else await broker.fetch(mine);
        // By then what is not compressed was handed over, and handlers that only queue have resolved; else their partitions would
        // miss the next fetch.
        await nextTurn();
      }
    };
    try {
      await Promise.all([...new Set(leaders.values())].map(serve));
    } finally {
      round.over = true;
    }
  }
}
