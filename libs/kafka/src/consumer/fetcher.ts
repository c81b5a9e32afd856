/**
 * Fetches the partitions of one topic that its sink wants, wherever their leaders are. kafkajs' own consumer resets an
 * offset that is out of range without a word, hides the offsets it stepped over, and dies of a batch it cannot read;
 * here the position belongs to the sink, and only the network part of kafkajs is used.
 * Invariants:
 * 1. A partition is fetched at the sink's position and nowhere else. Where the log does not have that offset, or the
 *    batch there cannot be read, the partition is stopped with the reason; nothing is skipped.
 *    Of one whose owner has paused it nothing is fetched; what was fetched before is unpacked no further, and dropped before long.
 * 2. A fetch belongs to the flow and the position it was made for; the sink decides whether they still hold.
 * 3. Whatever else goes wrong (leader moved, connection lost, time-out), the connection is thrown away, metadata
 *    included, and a new one goes on at the same positions.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cluster } from 'kafkajs';
import { Wake } from '@perennial/stream';
import { BrokerFetch, type FetchSink, type Round } from './broker-fetch';
import { connectTo, openConnection } from '../connection';
import { asStreamError } from '../kafka-errors';
import type { KafkaSettings } from '../options';
import { keepTrying, Link } from '../reconnect';

export class Fetcher {
  /** To be notified when the sink's wants grew. */
  readonly wake = new Wake();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly topic: string,
    private readonly sink: FetchSink,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const link = new Link(`fetch:${this.topic}`, this.settings);
    await keepTrying(link, signal, async (connected) => {
      const connection = openConnection(this.settings);
      const end = () => {
        connection.cut();
        this.wake.notify();
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
    link.closed();
  }

  /** One loop for each broker that leads a partition, so that a broker without news does not hold up the others. */
  private async serveAll(cluster: Cluster, signal: AbortSignal): Promise<void> {
    const leaders = new Map(
      cluster.findTopicPartitionMetadata(this.topic).map(({ partitionId, leader }) => [partitionId, leader]),
    );
    const round: Round = { cluster, wake: this.wake, over: false };
    const serve = async (node: number) => {
      const broker = new BrokerFetch(this.settings, this.topic, this.sink, round, node);
      while (!round.over && !signal.aborted) {
        const mine = this.sink.ready().filter((flow) => leaders.get(flow.partition) === node && broker.isFree(flow));
        if (mine.length === 0) await this.wake.wait();
        else await broker.fetch(mine);
        // What is not packed is handed over after a turn, and handlers that only queue have settled; else their partitions would
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
