/** What stands in the topics, as a consumer reads it. */
import {
  DEAD_LETTER_HEADER,
  type Headers,
  headerText,
  type LogRecord,
  type OutRecord,
  storedHeaders,
  TOPIC,
  valueBytes,
} from '@perennial/contracts';
import { partitionFor } from '@perennial/values';
import { PARTITIONS } from './filling';

/** A record that an engine published. */
export interface Published {
  readonly topic: string;
  readonly partition: number;
  /** Of the partition of the activity topic whose input caused it. */
  readonly source: string;
  /** Of the input that caused it. */
  readonly offset: number;
  /** Among what that input caused. */
  readonly index: number;
  /** Key, headers and value. */
  readonly bytes: string;
  readonly key: string;
  readonly value: string;
}

const FORWARDED_FROM = 'perennial-forwarded-from';

/** Null for what no engine published. */
export function published(
  topic: string,
  partition: number,
  record: Pick<LogRecord, 'key' | 'value' | 'headers'>,
): Published | null {
  const { headers } = record;
  const [key, value] = [textOf(record.key), textOf(record.value)];
  const [source, offset, index] = causeOf(topic, headers);
  if (source === '' || isReplayed(topic, partition, source)) return null;
  return { topic, partition, source, offset, index, key, value, bytes: `${key} ${shown(headers)} ${value}` };
}

/** Engines forward to the partition of the customer, operators send a dead letter back to its own. */
const isReplayed = (topic: string, partition: number, source: string): boolean =>
  topic === TOPIC.activity && source === String(partition);

const shown = (headers: Headers): string =>
  JSON.stringify(headers.map(({ name, value }) => [name, value && Buffer.from(value).toString('latin1')]));

/** The same of a record that is on its way. */
export function onItsWay(record: OutRecord): Published | null {
  const { topic, partition, key, headers } = record;
  const bytes = typeof key === 'string' ? Buffer.from(key) : key;
  return published(topic, partition ?? (bytes === null ? 0 : partitionFor(bytes, PARTITIONS)), {
    key: bytes,
    value: valueBytes(record),
    headers: storedHeaders(headers),
  });
}

/** What readers are told to do: per partition and source, drop what is at or below the high-water. */
export function withoutRepeats(records: readonly Published[]): Published[] {
  const high = new Map<string, readonly [number, number]>();
  return records.filter(({ topic, partition, source, offset, index }) => {
    const name = `${topic}/${partition}/${source}`;
    const [o, i] = high.get(name) ?? [-1, -1];
    if (offset < o || (offset === o && index <= i)) return false;
    high.set(name, [offset, index]);
    return true;
  });
}

/** Source partition, offset, index: from the id of a fact, from the headers of a dead letter or of a forwarded activity. */
function causeOf(topic: string, headers: LogRecord['headers']): readonly [string, number, number] {
  switch (topic) {
    case TOPIC.activity: {
      const [partition = '', offset = ''] = (headerText(headers, FORWARDED_FROM) ?? '').split(':');
      return [partition, Number(offset), 0];
    }
    case TOPIC.deadLetter:
      return [
        headerText(headers, DEAD_LETTER_HEADER.partition) ?? '',
        Number(headerText(headers, DEAD_LETTER_HEADER.offset)),
        0,
      ];
    default: {
      const [, partition = '', offset = '', index = ''] = (headerText(headers, 'ce_id') ?? '').split(':');
      return [partition, Number(offset), Number(index)];
    }
  }
}

const textOf = (bytes: Uint8Array | null): string => (bytes === null ? 'null' : Buffer.from(bytes).toString('latin1'));
