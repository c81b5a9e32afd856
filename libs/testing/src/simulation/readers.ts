/** What careful readers of the topics end up with: the high-water reader of facts, and the reader of compacted states. */
import { DEAD_LETTER_HEADER, headerText, type OutRecord, type Position, TOPIC } from '@perennial/contracts';

const utf8 = new TextDecoder();

export const textOf = (piece: string | Uint8Array): string => (typeof piece === 'string' ? piece : utf8.decode(piece));

/** What names a record for ever: where its cause stands, and which of its effects it is. */
export function idOf({ topic, headers }: OutRecord): Position & { readonly index: number; readonly text: string } {
  const said = (name: string): string => headerText(headers, name) ?? '';
  const text =
    topic === TOPIC.deadLetter
      ? `${said(DEAD_LETTER_HEADER.topic)}:${said(DEAD_LETTER_HEADER.partition)}:${said(DEAD_LETTER_HEADER.offset)}:0`
      : said('ce_id');
  const [source = '', partition, offset, index] = text.split(':');
  return { topic: source, partition: Number(partition), offset: Number(offset), index: Number(index), text };
}

/** A record byte for byte, as text. */
export function lineOf({ topic, key, value, headers }: Pick<OutRecord, 'topic' | 'key' | 'value' | 'headers'>): string {
  const list = headers.map((header) => [textOf(header.name), header.value && textOf(header.value)]);
  const bytes = value === null ? 'null' : textOf(value);
  return `${topic} ${key === null ? 'null' : textOf(key)} ${JSON.stringify(list)} ${bytes}`;
}

/** By topic and source partition: what is left after dropping ids at or below the high-water. */
export function afterHighWater(records: readonly OutRecord[]): ReadonlyMap<string, readonly string[]> {
  const high = new Map<string, readonly [offset: number, index: number]>();
  const read = new Map<string, string[]>();
  for (const record of records) {
    const { partition, offset, index } = idOf(record);
    const stream = `${record.topic} from ${partition}`;
    const [highOffset, highIndex] = high.get(stream) ?? [-1, -1];
    if (offset < highOffset || (offset === highOffset && index <= highIndex)) continue;
    high.set(stream, [offset, index]);
    read.set(stream, [...(read.get(stream) ?? []), lineOf(record)]);
  }
  return read;
}

/** The compacted topic as its readers take it: of each key the record of the greatest version. */
export function greatestVersion(records: readonly OutRecord[]): ReadonlyMap<string, string> {
  const known = new Map<string, { readonly version: number; readonly line: string }>();
  for (const record of records) {
    if (record.topic !== TOPIC.state) continue;
    const key = String(record.key);
    const version = idOf(record).offset;
    if (version >= (known.get(key)?.version ?? -1)) known.set(key, { version, line: lineOf(record) });
  }
  return new Map([...known].map(([key, { line }]) => [key, line]));
}
