/** Header of clock records and commands: HMAC-SHA256 over {@link signedBytes} with the installation's key, in hex. */
export const SIGNATURE_HEADER = 'perennial-signature';
/** Header of clock records and commands: the number that the signature uses up (see signed-number.ts). */
export const NUMBER_HEADER = 'perennial-number';

/** What a record states of its signature, as received: who reads it must check it. Null: no such header. */
export interface Seal {
  readonly number: string | null;
  readonly signature: string | null;
}

/** What is signed beside the value. */
export interface SignedHead {
  /** As programs name it, without `TOPIC_PREFIX`: each installation has a key of its own. */
  readonly topic: string;
  /** `ce_type`. */
  readonly type: string;
  readonly partition: number;
  /** Text of {@link NUMBER_HEADER}. */
  readonly number: string;
}

const text = new TextEncoder();

/**
 * The bytes that are signed: a line each of version, topic, type, partition and number, then the value. So a signed record
 * counts only where it was meant, and only once. None of the lines can contain a line feed of its own: topics and partitions
 * are the reader's, types and numbers of a known set.
 */
export function signedBytes({ topic, type, partition, number }: SignedHead, value: Uint8Array): Uint8Array {
  const head = text.encode(`perennial-signature-v2\n${topic}\n${type}\n${partition}\n${number}\n`);
  const bytes = new Uint8Array(head.length + value.length);
  bytes.set(head);
  bytes.set(value, head.length);
  return bytes;
}
