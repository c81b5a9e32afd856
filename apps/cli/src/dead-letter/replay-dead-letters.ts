/**
 * Sends dead letters back to the activity topic.
 *
 * 1. Key, value and headers go back byte for byte; where it came from, when it was appended first, and an id where the producer
 *    gave none go with it (the headers of forwarding), so that the engine takes it as it would have then, and knows a repeat.
 * 2. Each is sent once: the database says who sends it before it is sent (`begin`), and that it was sent afterwards (`end`).
 *    One that was begun and not ended is looked for in the log first: who begins it again knows that nothing of the
 *    attempt before is under way any more, since it waited for {@link PATIENCE_MS}.
 */
import {
  type DeadLetter,
  FORWARD_HEADER,
  forwardedHeaders,
  headerText,
  type LogBatch,
  type OutRecord,
  TOPIC,
} from '@perennial/contracts';
import type { Begun, DeadLetterId } from '@perennial/store';
import type { Log, LogProducer, PartitionOffsets } from '@perennial/stream';
import { formatInstant, partitionFor } from '@perennial/values';
import type { Connection } from '../connection';
import { type Found, identityOf } from './find-dead-letters';
import { openProducer, sendInPieces } from '../log-producer';

/** Longer than any request to the log may be under way. */
export const PATIENCE_MS = 120_000;

/** What became of the dead letters of a replay. */
export interface Replayed {
  /** Sent now. */
  sent: number;
  /** Begun by somebody before who could not finish, and found in the log. */
  found: number;
  /** Somebody else sends them, or did a moment ago: look again in {@link PATIENCE_MS}. */
  busy: number;
  /** Replayed or dropped before. */
  settled: number;
  /** Would be refused again whatever was put right: too large. */
  hopeless: number;
}

export async function replayDeadLetters(
  { log, deadLetters, partitions }: Pick<Connection, 'log' | 'deadLetters' | 'partitions'>,
  pages: AsyncIterable<readonly Found[]>,
  by: string,
  patienceMs = PATIENCE_MS,
): Promise<Replayed> {
  const replayed: Replayed = { sent: 0, found: 0, busy: 0, settled: 0, hopeless: 0 };
  const producer = await openProducer(log);
  try {
    for await (const page of pages) {
      const open = page.filter(({ resolution }) => resolution === null || resolution.state === 'replaying');
      const letters = open.flatMap(({ letter }) => (letter.cause === 'too-large' ? [] : [letter]));
      const ranges = await rangesOf(log);
      const targets = letters.map((letter) => {
        const record = replayRecord(letter, partitions);
        return { letter, record, sentAfter: ranges.get(record.partition)?.high ?? 0 };
      });
      const begun = await deadLetters.begin(
        targets.map(({ letter, sentAfter }) => ({ ...letter.position, sentAfter })),
        by,
        patienceMs,
      );
      const mine = join(targets, begun);
      const sent = await sendMissing(log, producer, mine);
      await deadLetters.end(begun);
      replayed.sent += sent;
      replayed.found += mine.length - sent;
      replayed.busy += letters.length - mine.length;
      replayed.settled += page.length - open.length;
      replayed.hopeless += open.length - letters.length;
    }
  } finally {
    await producer.close();
  }
  return replayed;
}

interface Mine {
  readonly letter: DeadLetter;
  readonly record: ReplayRecord;
  readonly begun: Begun;
}

function join(targets: readonly Omit<Mine, 'begun'>[], begun: readonly Begun[]): Mine[] {
  const byId = new Map(begun.map((one) => [sourceOf(one), one]));
  return targets.flatMap((target) => {
    const one = byId.get(sourceOf(target.letter.position));
    return one === undefined ? [] : [{ ...target, begun: one }];
  });
}

/** Sends what the log does not have yet; how many these were. */
async function sendMissing(log: Log, producer: LogProducer, mine: readonly Mine[]): Promise<number> {
  const again = mine.filter(({ begun }) => begun.again);
  const there = again.length === 0 ? new Set<string>() : await sourcesIn(log, again);
  const missing = mine.filter(({ letter }) => !there.has(sourceOf(letter.position)));
  await sendInPieces(
    producer,
    missing.map(({ record }) => record),
  );
  return missing.length;
}

/** Where the records came from that were sent to these partitions since the first attempts began. */
async function sourcesIn(log: Log, again: readonly Mine[]): Promise<ReadonlySet<string>> {
  const ranges = await rangesOf(log);
  const from = new Map<number, number>();
  for (const { record, begun } of again) {
    const start = Math.max(begun.sentAfter, ranges.get(record.partition)?.low ?? 0);
    from.set(record.partition, Math.min(start, from.get(record.partition) ?? start));
  }
  const sources = new Set<string>();
  await log.reader().read({
    topic: TOPIC.activity,
    from,
    until: new Map([...from].map(([partition, start]) => [partition, ranges.get(partition)?.high ?? start])),
    batch: ({ records }: LogBatch) => {
      for (const { headers } of records) sources.add(headerText(headers, FORWARD_HEADER.from) ?? '');
    },
  });
  return sources;
}

async function rangesOf(log: Log): Promise<ReadonlyMap<number, PartitionOffsets>> {
  const admin = log.admin();
  await admin.connect();
  const offsets = await admin.offsets(TOPIC.activity);
  await admin.close();
  return new Map(offsets.map((range) => [range.partition, range]));
}

type ReplayRecord = OutRecord & { readonly partition: number };

/**
 * The record that goes back: the bytes and headers as they were, and the headers of forwarding. A record without a key (a
 * clock record, a command) goes to the partition it came from, for which it is signed.
 */
export function replayRecord(
  { position, cause, key, value, headers, appendedAt }: DeadLetter,
  partitions: number,
): ReplayRecord {
  return {
    topic: TOPIC.activity,
    partition: key === null ? position.partition : partitionFor(key, partitions),
    key,
    value,
    headers: forwardedHeaders(headers, {
      id: identityOf(position),
      // The future is told by the append time: against the first one it would be the future for ever.
      appendedAt: cause === 'future-timestamp' ? null : formatInstant(appendedAt),
      from: sourceOf(position),
    }),
  };
}

/** What `FORWARD_HEADER.from` says of a replayed dead letter: no other record says the same. */
export function sourceOf({ partition, offset }: DeadLetterId): string {
  return `${partition}:${offset}`;
}
