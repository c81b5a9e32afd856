import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Servers } from './servers';
import type { Site } from './site';

/** What the records of topics take on the disk of one broker; NaN of a broker that the bench has not started. */
export function topicBytes({ folder, pids }: Servers, { prefix }: Site, topics: readonly string[]): number {
  if (pids.kafka === undefined) return Number.NaN;
  const data = join(folder, 'kafka', 'data');
  const mine = readdirSync(data).filter((name) => topics.includes(topicOf(name, prefix)));
  const files = mine.flatMap((name) => readdirSync(join(data, name)).map((file) => join(data, name, file)));
  return files.filter((file) => file.endsWith('.log')).reduce((sum, file) => sum + sizeOf(file), 0);
}

/** A folder is called after topic and partition. */
function topicOf(folder: string, prefix: string): string {
  return folder.startsWith(prefix) ? folder.slice(prefix.length).replace(/-\d+$/, '') : '';
}

/** Segments may be deleted while they are counted. */
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
