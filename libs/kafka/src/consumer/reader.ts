import type { LogReader, PartitionOffsets, ReadOptions } from '@perennial/stream';
import { startPositions } from '@perennial/stream';
import { logClosed } from '@perennial/stream';
import { connectTo, openConnection } from '../connection';
import { Fetcher } from './fetcher';
import { asStreamError } from '../kafka-errors';
import { topicOffsets } from '../offsets';
import type { KafkaSettings } from '../options';
import { Reading } from './reading';

/** Fetches without a group, so that nothing of a reader is left in the cluster. */
export class KafkaReader implements LogReader {
  constructor(
    private readonly settings: KafkaSettings,
    private readonly closing: AbortSignal,
  ) {}

  async read(options: ReadOptions): Promise<void> {
    if (options.signal?.aborted === true) return;
    const reading = new Reading(options, startPositions(options, await this.offsets(options.topic)));
    const end = () => {
      reading.end.abort();
    };
    const signals = options.signal === undefined ? [this.closing] : [this.closing, options.signal];
    for (const signal of signals) signal.addEventListener('abort', end);
    try {
      if (!signals.some(({ aborted }) => aborted)) {
        await new Fetcher(this.settings, options.topic, reading).run(reading.end.signal);
      }
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', end);
    }
    if (reading.failure !== null) throw reading.failure;
    if (this.closing.aborted) throw logClosed();
  }

  private async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    const connection = openConnection(this.settings);
    try {
      await connectTo(connection, topic);
      return await topicOffsets(connection.cluster, topic);
    } catch (error) {
      throw asStreamError(error, `finding the offsets of topic ${topic}`, topic);
    } finally {
      connection.cut();
    }
  }
}
