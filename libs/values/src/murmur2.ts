const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const SHIFT = 24;
const text = new TextEncoder();

/**
 * The hash by which Java clients choose partitions: murmur2 with Kafka's seed, as a signed 32-bit integer.
 * Source: `org.apache.kafka.common.utils.Utils.murmur2` of Kafka's Java client.
 */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const at = (index: number): number => bytes[index] ?? 0;
  let hash = SEED ^ length;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    let block = at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24);
    block = Math.imul(block, MULTIPLIER);
    block = Math.imul(block ^ (block >>> SHIFT), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ block;
  }
  const rest = length - index;
  if (rest > 0) {
    hash ^= at(index) | (at(index + 1) << 8) | (at(index + 2) << 16);
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition of a key among `partitions`, as Java clients choose it. */
export function partitionFor(key: string | Uint8Array, partitions: number): number {
  const bytes = typeof key === 'string' ? text.encode(key) : key;
  return (murmur2(bytes) & 0x7fff_ffff) % partitions;
}
