import { BATCH_FRAMING_BYTES, type LogRecord, type OutRecord, recordBytes } from '@perennial/contracts';
import { InvalidInput, type Instant } from '@perennial/values';
import type { PartitionOffsets } from '../port';
import { partitionUnknown, recordTooLarge } from '../stream-errors';
import type { Entry } from './frame';
import type { ReadLimit, Segment } from './segment';

/** What the log keeps of a topic besides its records. */
export interface TopicSettings {
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

/** As Kafka's, of a record that is a batch by itself. */
const DEFAULT_MAX_BYTES = 1024 * 1024;

export class Topic {
  private readonly watchers = new Set<() => void>();

  constructor(
    readonly name: string,
    readonly settings: TopicSettings,
    private readonly segments: readonly Segment[],
    private readonly now: () => Instant,
  ) {}

  get partitions(): readonly number[] {
    return [...this.segments.keys()];
  }

  offsets(): readonly PartitionOffsets[] {
    return this.partitions.map((partition) => ({ partition, low: 0, high: this.high(partition) }));
  }

  /** Offset the next record of the partition gets. */
  high(partition: number): number {
    return this.segment(partition).count;
  }

  /** Appends with the time of now, which never runs backwards within a partition. Returns the first offset. */
  append(partition: number, records: readonly Omit<Entry, 'timestamp'>[]): number {
    const segment = this.segment(partition);
    const first = segment.count;
    const timestamp = Math.max(this.now(), segment.lastTimestamp);
    segment.append(records.map(({ key, value, headers }) => ({ timestamp, key, value, headers })));
    for (const watcher of [...this.watchers]) watcher();
    return first;
  }

  /** Empty at the end of the partition. */
  read(partition: number, from: number, limit: ReadLimit): readonly LogRecord[] {
    const segment = this.segment(partition);
    return from < segment.count ? segment.read(from, limit) : [];
  }

  refuseTooLarge(record: OutRecord): void {
    const limit = Number(this.settings.config['max.message.bytes'] ?? DEFAULT_MAX_BYTES);
    const bytes = recordBytes(record) + BATCH_FRAMING_BYTES;
    if (bytes > limit) throw recordTooLarge(this.name, `${bytes} bytes, the limit is ${limit}`);
  }

  /** Calls back after each append; returns a function that ends it. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  close(): void {
    for (const segment of this.segments) segment.close();
  }

  private segment(partition: number): Segment {
    const segment = this.segments[partition];
    if (segment === undefined) throw partitionUnknown(this.name, partition, this.segments.length);
    return segment;
  }
}

/** Topic names become folder names. */
export function refuseBadName(name: string): void {
  if (/^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..') return;
  throw new InvalidInput(
    'STREAM.TOPIC_NAME',
    `${JSON.stringify(name)} is no topic name: up to 249 letters, digits, dots, dashes and underscores`,
  );
}
