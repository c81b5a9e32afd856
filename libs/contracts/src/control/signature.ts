/**
 * The signature of a clock record or a command, and the number that it uses up: a signature holds for one number, and a partition
 * obeys each number once.
 */

/** Header of clock records and commands: HMAC-SHA256 over {@link signedBytes} with the installation's key, in hex. */
export const SIGNATURE_HEADER = 'perennial-signature';
/** Header of clock records and commands: the number that the signature uses up. */
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

/** Who appends clock records. A closed set, so that what a partition keeps of them is bounded. */
export const PROCESSORS = ['lifecycle-engine', 'importer'] as const;
export type Processor = (typeof PROCESSORS)[number];

/** Of a clock record. Those of one processor rise, by epoch and then by counter; each a safe integer from 0. */
export interface ClockNumber {
  readonly processor: Processor;
  /** Engine: the partition's epoch. Importer: a number of the database, drawn at each start. */
  readonly epoch: number;
  /** Counts the records of the epoch. */
  readonly counter: number;
}

/** Whether `a` comes after `b`, of one processor. */
export function isLater(a: Omit<ClockNumber, 'processor'>, b: Omit<ClockNumber, 'processor'>): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.counter > b.counter);
}

/** As the header writes it: `processor:epoch:counter` of a clock record, decimal digits of a command. */
export function formatNumber(number: ClockNumber | number): string {
  if (typeof number === 'number') return String(number);
  return `${number.processor}:${number.epoch}:${number.counter}`;
}

/** Null when the text is no number of a clock record. */
export function parseClockNumber(text: string): ClockNumber | null {
  const [name, first, second, ...rest] = text.split(':');
  const processor = PROCESSORS.find((known) => known === name);
  const [epoch, counter] = [parseCommandNumber(first ?? ''), parseCommandNumber(second ?? '')];
  if (processor === undefined || epoch === null || counter === null || rest.length > 0) return null;
  return { processor, epoch, counter };
}

/** Null when the text is no number of a command: a safe integer from 0. */
export function parseCommandNumber(text: string): number | null {
  if (!/^\d{1,16}$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}
