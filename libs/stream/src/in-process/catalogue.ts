import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '@perennial/values';
import type { TopicSpec } from '../port';
import { topicUnknown } from '../stream-errors';
import { refuseOtherTopic } from '../topics';
import { FileSegment } from './file-segment';
import { MemorySegment } from './segment';
import { refuseBadName, Topic, type TopicSettings } from './topic';

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
