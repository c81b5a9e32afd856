import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BATCH_FRAMING_BYTES, type LogRecord, type OutRecord, recordBytes } from '@perennial/contracts';
import { InvalidInput, type Instant } from '@perennial/values';
import { partitionUnknown, recordTooLarge, topicUnknown } from '../errors';
import type { PartitionOffsets, TopicSpec } from '../port';
import { refuseOtherTopic } from '../topics';
import { FileSegment } from './file-segment';
import { type Entry, MemorySegment, type ReadLimit, type Segment } from './segment';

const SETTINGS_FILE = 'topic.json';
/** No topic can be called so: names have no tilde. */
const UNFINISHED = '~';
/** Nor so: a topic is a folder. */
const ID_FILE = 'log-id';

/** The topics of an in-process log: a folder each, with its settings and a file per partition; or in memory. */
export class Catalogue {
  /** Made with the folder; another one after it was deleted. */
  readonly id: string;
  private readonly topics = new Map<string, Topic>();

  constructor(
    private readonly directory: string | null,
    private readonly now: () => Instant,
  ) {
    this.id = directory === null ? randomUUID() : idOf(directory);
    if (directory === null) return;
    for (const name of readdirSync(directory)) {
      if (name.endsWith(UNFINISHED)) rmSync(join(directory, name), { recursive: true });
      else if (existsSync(join(directory, name, SETTINGS_FILE))) this.open(name, readSettings(join(directory, name)));
    }
  }

  /** Throws `RetryableError` when there is no such topic. */
  topic(name: string): Topic {
    const topic = this.topics.get(name);
    if (topic === undefined) throw topicUnknown(name);
    return topic;
  }

  find(name: string): Topic | undefined {
    return this.topics.get(name);
  }

  /** False when it was there. */
  create(spec: TopicSpec): boolean {
    refuseBadName(spec.name);
    const found = this.topics.get(spec.name);
    if (found !== undefined) {
      refuseOtherTopic(spec, found.settings);
      return false;
    }
    const settings = { partitions: spec.partitions, config: spec.config };
    if (this.directory !== null) createFolder(join(this.directory, spec.name), settings);
    this.open(spec.name, settings);
    return true;
  }

  close(): void {
    for (const topic of this.topics.values()) topic.close();
    this.topics.clear();
  }

  private open(name: string, settings: TopicSettings): void {
    const { directory } = this;
    const segments = Array.from({ length: settings.partitions }, (_, partition) =>
      directory === null ? new MemorySegment() : new FileSegment(join(directory, name, `${partition}.log`)),
    );
    this.topics.set(name, new Topic(name, settings, segments, this.now));
  }
}

/** What the log keeps of a topic besides its records. */
interface TopicSettings {
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
function refuseBadName(name: string): void {
  if (/^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..') return;
  throw new InvalidInput(
    'STREAM.TOPIC_NAME',
    `${JSON.stringify(name)} is no topic name: up to 249 letters, digits, dots, dashes and underscores`,
  );
}

function idOf(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, ID_FILE);
  if (!existsSync(path)) writeFileSync(path, randomUUID(), { mode: 0o600 });
  return readFileSync(path, 'utf8');
}

/** The folder appears under its name only when it is complete. */
function createFolder(path: string, settings: TopicSettings): void {
  const unfinished = `${path}${UNFINISHED}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(join(unfinished, SETTINGS_FILE), JSON.stringify(settings), { mode: 0o600 });
  renameSync(unfinished, path);
}

function readSettings(folder: string): TopicSettings {
  return JSON.parse(readFileSync(join(folder, SETTINGS_FILE), 'utf8')) as TopicSettings;
}
