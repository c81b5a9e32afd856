import { encodeFact } from './encode-fact';
import type { Fact, Stamp } from './fact';
import type { OutRecord } from './log-record';

/** A fact on its way, not written out yet: who puts it into bytes can do so at once. */
export interface StatedFact {
  readonly topic: string;
  readonly partition: number;
  readonly fact: Fact;
  /** One object for all facts of an input. */
  readonly stamp: Stamp;
  /** Counts the facts of the input, from 0. */
  readonly index: number;
}

/** What is published: facts, and records that are passed on as they came. */
export type Emission = StatedFact | OutRecord;

export const isFact = (emission: Emission): emission is StatedFact => 'fact' in emission;

/** The record to publish; the same bytes whenever it is asked for. */
export function written(emission: Emission): OutRecord {
  if (!isFact(emission)) return emission;
  const { fact, stamp, index, topic } = emission;
  const record = encodeFact(fact, stamp, index);
  return topic === record.topic ? record : { ...record, topic };
}
