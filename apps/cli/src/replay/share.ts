import type { Instant } from '@perennial/values';
import type { Sheet } from '@perennial/history';
import type { ReplaySummary } from '@perennial/lifecycle';

/** What all shares of a replay have in common. */
export interface ShareJob {
  /** YAML, known to compile. */
  readonly definition: string;
  /** The last clock. */
  readonly end: Instant;
  /** How many activities there are up to it, in all shares: the place of the clock. */
  readonly read: number;
  /** Whether lines are written. If neither, a customer's activities come together; else all come in order of time. */
  readonly facts: boolean;
  readonly states: boolean;
}

/** Lines, in the order of their places; several of one place are one text. */
export interface Lines {
  readonly places: number[];
  readonly texts: string[];
}

/** The customers of one share. Answers come in the order of the questions, which may be asked ahead. */
export interface Share {
  /** Takes activities: the lines of their facts; null when the sheet cannot be read. */
  take(sheet: Sheet): Promise<Lines | null>;
  /** The last clock for who entered before a place: the lines of facts and states, by the place of entry. */
  finish(before: number): Promise<Finished>;
  /** After the last customer. */
  summary(): Promise<ReplaySummary>;
  close(): Promise<void>;
}

export interface Finished {
  readonly facts: Lines;
  readonly states: Lines;
}
