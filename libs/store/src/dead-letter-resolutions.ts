/**
 * Remembers what operators did with dead letters.
 *
 * 1. A dead letter is replayed or dropped once: `begin` and `drop` give each to one caller only.
 * 2. `begin` is durable before the caller sends, `end` comes after the acknowledgement. What lies between is found again as
 *    `replaying`, and the log tells whether it was sent.
 */
import type { Instant } from '@perennial/contracts';
import type { Database } from './database';
import {
  beginReplays,
  dropDeadLetters,
  endReplays,
  readResolutions,
  type ResolutionRow,
} from './sql/dead-letter-resolutions';
import { bind } from './statement';

/** The position of the record in the activity topic. */
export interface DeadLetterId {
  readonly partition: number;
  readonly offset: number;
}

export type Resolution = { readonly by: string; readonly at: Instant } & (
  | { readonly state: 'replaying' | 'replayed' }
  | { readonly state: 'dropped'; readonly reason: string }
);

/** A dead letter that is the caller's to send. */
export interface Begun extends DeadLetterId {
  /** Somebody tried before: look in the log from `sentAfter` on, and send only what is not there. */
  readonly again: boolean;
  /** End of the target partition when the first attempt began. */
  readonly sentAfter: number;
}

export interface DeadLetterResolutions {
  /** Of these dead letters, by `partition:offset`; those that wait for somebody are left out. */
  of(ids: readonly DeadLetterId[]): Promise<ReadonlyMap<string, Resolution>>;
  /** Those that nobody has settled, and of which no attempt younger than `patienceMs` is under way. */
  begin(
    letters: readonly (DeadLetterId & { readonly sentAfter: number })[],
    by: string,
    patienceMs: number,
  ): Promise<readonly Begun[]>;
  /** These were sent. */
  end(ids: readonly DeadLetterId[]): Promise<void>;
  /** How many of them were still unsettled, and are dropped now. */
  drop(ids: readonly DeadLetterId[], by: string, reason: string): Promise<number>;
}

export function createDeadLetterResolutions(database: Database): DeadLetterResolutions {
  return {
    of: async (ids) => {
      const rows = await database.query(bind(readResolutions, ...columns(ids)));
      return new Map(rows.map((row) => [`${row.partition}:${row.source_offset}`, resolutionOf(row)]));
    },
    begin: async (letters, by, patienceMs) => {
      const sentAfter = letters.map((letter) => letter.sentAfter);
      const rows = await database.query(bind(beginReplays, ...columns(letters), sentAfter, by, patienceMs));
      return rows.map(({ partition, source_offset, attempt, sent_after }) => ({
        partition,
        offset: source_offset,
        again: attempt > 1,
        sentAfter: sent_after,
      }));
    },
    end: async (ids) => {
      await database.query(bind(endReplays, ...columns(ids)));
    },
    drop: async (ids, by, reason) => (await database.query(bind(dropDeadLetters, ...columns(ids), by, reason))).length,
  };
}

function columns(ids: readonly DeadLetterId[]): [number[], number[]] {
  return [ids.map(({ partition }) => partition), ids.map(({ offset }) => offset)];
}

function resolutionOf({ state, reason, resolved_by: by, resolved_at: at }: ResolutionRow): Resolution {
  return state === 'dropped' ? { state, by, at, reason: reason ?? '' } : { state, by, at };
}
