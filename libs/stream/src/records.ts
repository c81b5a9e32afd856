/** What every log does alike with a record: where it goes, and how its key and its headers are kept. */
import { type Emission, type Headers, isFact, type OutHeaders, type OutRecord } from '@perennial/contracts';
import { partitionFor } from '@perennial/values';
import { partitionUnknown } from './errors';

/** The partition that the record names, else that of its key (as Java clients choose it), else the first one. */
export function partitionOf(record: Emission, partitions: number): number {
  const { topic, partition } = record;
  if (partition === undefined) return isFact(record) || record.key === null ? 0 : partitionFor(record.key, partitions);
  if (!Number.isInteger(partition) || partition < 0 || partition >= partitions) {
    throw partitionUnknown(topic, partition, partitions);
  }
  return partition;
}

/** The key as it is stored; a copy. */
export function keyBytes(key: OutRecord['key']): Buffer | null {
  return key === null ? null : Buffer.from(key);
}

/** What stands for bytes that are not UTF-8, once they were decoded. */
const REPLACEMENT = '\ufffd';

/** Text, or the bytes as they are where they are not UTF-8. */
export function headerName(bytes: Buffer): string | Uint8Array {
  const text = bytes.toString('utf8');
  return text.includes(REPLACEMENT) && !Buffer.from(text).equals(bytes) ? bytes : text;
}

/** Headers as JSON: a pair of base64 texts (name, value) for each, in their order, so that any bytes come back as they were. */
export type HeaderPairs = [string, string | null][];

export function toPairs(headers: OutHeaders): HeaderPairs {
  return headers.map(({ name, value }) => [base64(name), value === null ? null : base64(value)]);
}

export function fromPairs(pairs: HeaderPairs): Headers {
  return pairs.map(([name, value]) => ({
    name: headerName(Buffer.from(name, 'base64')),
    value: value === null ? null : Buffer.from(value, 'base64'),
  }));
}

const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes as string).toString('base64');
