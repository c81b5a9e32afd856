/** Moves from topics: those that should be, by the rules, and those that an engine has stated. */
import { hasHeader, headerText, type LogRecord, type StageChanged } from '@perennial/contracts';
import type { Site } from '../run/site';
import { add, type Move, type Moves } from './move';
import { Rules } from './rules';

/** By the input as it stands in the activity topic. */
export async function expectedMoves(site: Site, topic: string): Promise<Moves> {
  const moves: Moves = new Map();
  const rules = new Rules((move) => {
    add(moves, move);
  });
  await eachRecord(site, topic, ({ key, value, headers }, partition) => {
    if (hasHeader(headers, 'ce_type')) return; // commands and clocks, which the peer counts as invalid
    rules.take(partition, textOf(key), textOf(value) ?? '{}');
  });
  rules.finish();
  return moves;
}

/** How an engine writes a move; null for what is none. */
export type ReadMove = (value: string) => Move | null;

export async function movesIn(
  site: Site,
  topic: string,
  read: ReadMove,
  isRepeat: (record: LogRecord, partition: number) => boolean = () => false,
): Promise<Moves> {
  const moves: Moves = new Map();
  await eachRecord(site, topic, (record, partition) => {
    if (isRepeat(record, partition)) return;
    const move = read(textOf(record.value) ?? '{}');
    if (move !== null) add(moves, move);
  });
  return moves;
}

/**
 * Our facts come again after a change of owner, with the same ids, which rise within a partition: readers drop those. Throws
 * when one of the newest comes again and says something else.
 */
export function repeats(): (record: LogRecord, partition: number) => boolean {
  const partitions = new Map<number, Told>();
  return ({ headers, value }, partition) => {
    const told = partitions.get(partition) ?? { offset: -1, index: -1, values: new Map<string, string | null>() };
    partitions.set(partition, told);
    const id = headerText(headers, 'ce_id') ?? '';
    const [offset = 0, index = 0] = id.split(':').slice(-2).map(Number);
    if (offset < told.offset || (offset === told.offset && index <= told.index)) {
      const before = told.values.get(id);
      if (before !== undefined && before !== textOf(value)) throw new Error(`${id} came again and says something else`);
      return true;
    }
    Object.assign(told, { offset, index });
    told.values.set(id, textOf(value));
    const [oldest] = told.values.keys();
    if (told.values.size > REMEMBERED && oldest !== undefined) told.values.delete(oldest);
    return false;
  };
}

/** More than a partition can have committed and not published. */
const REMEMBERED = 50_000;

interface Told {
  readonly offset: number;
  readonly index: number;
  readonly values: Map<string, string | null>;
}

/** Ours: an entry takes sequence 1, so moves start at 2. The key of the tenant is put before the customer, as the peer has it. */
export function ourMove(tenant: string): ReadMove {
  return (value) => {
    const { customer, sequence, from, to, cause, occurredAt } = JSON.parse(value) as StageChanged;
    if (from === null) return null;
    return {
      customer: `${tenant}:${customer}`,
      sequence: sequence - 1,
      from,
      to,
      cause: cause.kind === 'activity' ? 'event' : 'timer',
      activity: cause.activityId,
      at: Date.parse(occurredAt),
    };
  };
}

export function peerMove(value: string): Move {
  const move = JSON.parse(value) as Record<
    'customerId' | 'previousStage' | 'nextStage' | 'causeEventId' | 'eventTime',
    string
  > &
    Pick<Move, 'sequence' | 'cause'>;
  return {
    customer: move.customerId,
    sequence: move.sequence,
    from: move.previousStage,
    to: move.nextStage,
    cause: move.cause,
    activity: move.causeEventId,
    at: Date.parse(move.eventTime),
  };
}

/** An activity that is read back as it was sent, where no engine runs: stands for the move it would cause. */
export function echoedMove(value: string): Move {
  const { id, userId, timestamp } = JSON.parse(value) as Record<'id' | 'userId' | 'timestamp', string>;
  const at = Date.parse(timestamp);
  return { customer: userId, sequence: 1, from: '', to: '', cause: 'event', activity: id, at };
}

/** Every record that is there now and committed. */
export async function eachRecord(
  site: Site,
  topic: string,
  take: (record: LogRecord, partition: number) => void,
): Promise<void> {
  const ends = (await site.offsets(topic)).map(({ partition, high }) => [partition, high] as const);
  await site.log.reader().read({
    topic,
    from: 'beginning',
    until: new Map(ends),
    batch: ({ partition, records }) => {
      for (const record of records) take(record, partition);
    },
  });
}

const textOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
