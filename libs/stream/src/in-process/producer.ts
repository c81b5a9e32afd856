import { type Emission, type OutRecord, storedHeaders, valueBytes, written } from '@perennial/contracts';
import type { Acknowledged, LogProducer } from '../port';
import { logClosed } from '../errors';
import { keyBytes, partitionOf } from '../records';
import type { Catalogue, Topic } from './catalogue';

interface Slice {
  readonly topic: Topic;
  readonly partition: number;
  readonly records: OutRecord[];
}

export class InProcessProducer implements LogProducer {
  private closed = false;

  constructor(private readonly catalogue: Catalogue) {}

  connect(): Promise<void> {
    return Promise.resolve();
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- an error has to be a rejection
  async send(emissions: readonly Emission[]): Promise<readonly Acknowledged[]> {
    if (this.closed) throw logClosed();
    return this.slices(emissions.map(written)).map(({ topic, partition, records: slice }) => ({
      topic: topic.name,
      partition,
      baseOffset: topic.append(
        partition,
        slice.map((record) => ({
          key: keyBytes(record.key),
          value: valueBytes(record),
          headers: storedHeaders(record.headers),
        })),
      ),
    }));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /** Everything is checked before anything is written. */
  private slices(records: readonly OutRecord[]): readonly Slice[] {
    const slices = new Map<string, Slice>();
    for (const record of records) {
      const topic = this.catalogue.topic(record.topic);
      topic.refuseTooLarge(record);
      const partition = partitionOf(record, topic.partitions.length);
      const id = `${record.topic}/${partition}`;
      const slice = slices.get(id) ?? { topic, partition, records: [] };
      slices.set(id, slice);
      slice.records.push(record);
    }
    return [...slices.values()];
  }
}
