import {
  type DeadLetter,
  type DeadLetterCause,
  type LogBatch,
  type Position,
  readDeadLetter,
  readKey,
  recordBytes,
  storedHeaders,
  TOPIC,
} from '@perennial/contracts';
import { DEFAULT_TENANT, InvalidInput } from '@perennial/values';
import type { DeadLetterId, Resolution } from '@perennial/store';
import type { Log } from '@perennial/stream';
import type { Connection } from '../connection';

/** `topic:partition:offset` of the record that became a dead letter. */
export function identityOf({ topic, partition, offset }: Position): string {
  return `${topic}:${partition}:${offset}`;
}

/** Parses what {@link identityOf} gives; the topic may be left out. Throws `InvalidInput`. */
export function parseIdentity(text: string): DeadLetterId {
  const match = /^(?:(?<topic>[^:]+):)?(?<partition>\d{1,6}):(?<offset>\d{1,16})$/.exec(text);
  const { topic = TOPIC.activity, partition, offset } = match?.groups ?? {};
  if (topic === TOPIC.activity && partition !== undefined && offset !== undefined)
    return { partition: Number(partition), offset: Number(offset) };
  throw new InvalidInput(
    'CLI.NO_DEAD_LETTER_ID',
    `${text} is no dead letter's id; \`perennial dead-letter list\` shows them, such as ${TOPIC.activity}:0:512.`,
  );
}

/** A dead letter, and what an operator did with it; null: it waits. */
export interface Found {
  readonly letter: DeadLetter;
  readonly resolution: Resolution | null;
}

/** Which dead letters. */
export interface Choice {
  /** Null: any. */
  readonly ids: readonly DeadLetterId[] | null;
  readonly cause: DeadLetterCause | null;
  readonly tenant: string | null;
  /** Also those that were replayed or dropped. */
  readonly settled: boolean;
  readonly limit: number;
}

/** The chosen dead letters, in pages. Throws `InvalidInput` when an id that was asked for is not in the log. */
export async function* findDeadLetters(
  { log, deadLetters }: Pick<Connection, 'log' | 'deadLetters'>,
  choice: Choice,
): AsyncGenerator<readonly Found[]> {
  const missing = choice.ids === null ? null : new Set(choice.ids.map(name));
  let left = choice.limit;
  for await (const page of readDeadLetters(log)) {
    const letters = page.filter((letter) => isChosen(letter, choice, missing));
    if (letters.length === 0) continue;
    const resolutions = await deadLetters.of(letters.map(({ position }) => position));
    const found = letters
      .map((letter) => ({ letter, resolution: resolutions.get(name(letter.position)) ?? null }))
      .filter(({ resolution }) => choice.settled || resolution === null || resolution.state === 'replaying')
      .slice(0, left);
    for (const { position } of letters) missing?.delete(name(position));
    left -= found.length;
    if (found.length > 0) yield found;
    if (left === 0 || missing?.size === 0) return;
  }
  if (missing !== null && missing.size > 0) throw notThere([...missing]);
}

function isChosen(letter: DeadLetter, { cause, tenant }: Choice, ids: ReadonlySet<string> | null): boolean {
  if (ids !== null && !ids.has(name(letter.position))) return false;
  return (cause === null || letter.cause === cause) && (tenant === null || tenantOf(letter) === tenant);
}

/** The key's tenant where it can be read, as the engine counts it. */
export function tenantOf({ key }: Pick<DeadLetter, 'key'>): string {
  const read = readKey(key);
  return read.kind === 'key' ? read.tenant : DEFAULT_TENANT;
}

const name = ({ partition, offset }: DeadLetterId): string => `${partition}:${offset}`;

const notThere = (ids: readonly string[]): InvalidInput =>
  new InvalidInput(
    'CLI.NO_DEAD_LETTER',
    `No dead letter ${ids.join(', ')} is in the log: \`perennial dead-letter list --all\` shows what there is. ` +
      "They go with the topic's retention.",
  );

/** Offsets, and bytes of records, read at a time: bounds memory, however many dead letters there are and however large. */
const WINDOW = 1_000;
const WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * All dead letters that the log still has, partition by partition and oldest first. Repeats (an engine that was killed may
 * have written some twice) are left out as every reader of facts does it: by a high-water per partition they came from.
 */
async function* readDeadLetters(log: Log): AsyncGenerator<readonly DeadLetter[]> {
  const admin = log.admin();
  await admin.connect();
  const offsets = await admin.offsets(TOPIC.deadLetter);
  await admin.close();
  for (const { partition, low, high } of offsets) {
    const highWater = new Map<number, number>();
    for (let from = low; from < high; ) {
      const { letters, next } = await readWindow(log, partition, from, Math.min(from + WINDOW, high));
      from = next;
      yield letters.filter(({ position }) => isNew(highWater, position.partition, position.offset));
    }
  }
}

interface Window {
  readonly letters: DeadLetter[];
  /** Where the next window begins. */
  readonly next: number;
}

async function readWindow(log: Log, partition: number, from: number, until: number): Promise<Window> {
  const letters: DeadLetter[] = [];
  const enough = new AbortController();
  let [bytes, next] = [0, until];
  await log.reader().read({
    topic: TOPIC.deadLetter,
    from: new Map([[partition, from]]),
    until: new Map([[partition, until]]),
    signal: enough.signal,
    batch: ({ records }: LogBatch) => {
      for (const record of records) {
        if (enough.signal.aborted) return;
        letters.push(...kept(readDeadLetter(record)));
        bytes += recordBytes(record);
        if (bytes < WINDOW_BYTES) continue;
        next = record.offset + 1;
        enough.abort();
      }
    },
  });
  return { letters, next };
}

/** Copies a record: the bytes of a batch are not valid after it. */
function kept(letter: DeadLetter | null): DeadLetter[] {
  return letter === null
    ? []
    : [
        {
          ...letter,
          key: copy(letter.key),
          value: copy(letter.value),
          headers: storedHeaders(letter.headers),
        },
      ];
}

const copy = (bytes: Uint8Array | null): Uint8Array | null => (bytes === null ? null : Uint8Array.from(bytes));

function isNew(highWater: Map<number, number>, source: number, offset: number): boolean {
  if (offset <= (highWater.get(source) ?? -1)) return false;
  highWater.set(source, offset);
  return true;
}
