/** What the engine publishes, and the record that states a fact. */
import { customerKey } from '@perennial/values';
import { byteLength, headersOf, type OutRecord, recordBytes } from '../record';
import { type FactTopic, TOPIC } from '../topics';
import type { Fact, Stamp } from './fact';
import { factTime, positionText, TextWriter, writeFact } from './fact-json';

/** A fact that is not serialized yet; an adapter may encode it straight into its wire format. */
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

/** Of a fact beside its customer, who is in key, value and headers. An estimate; the batch encoder measures the bytes. */
const FACT_BYTES = 800;

/** As {@link recordBytes}; of a fact that is not written out yet an estimate. */
export function emissionBytes(emission: Emission): number {
  return isFact(emission) ? FACT_BYTES + 3 * byteLength(emission.stamp.customer) : recordBytes(emission);
}

/**
 * The record that states a fact. `index` counts the facts of one input, from 0. Topics of facts have as many partitions as
 * the activity topic, so a customer's facts are in the partition with the number of the input's, where its key leads too.
 */
export function encodeFact(fact: Fact, stamp: Stamp, index: number): OutRecord {
  const json = new TextWriter();
  writeFact(json, fact, stamp);
  const topic = FACT_TOPICS[fact.kind];
  return {
    topic,
    partition: stamp.position.partition,
    key: customerKey(stamp.tenant, stamp.customer),
    value: json.text,
    headers: headersOf({
      ce_specversion: CLOUD_EVENTS_VERSION,
      ce_id: factId(stamp, index),
      ce_type: topic,
      ce_source: FACT_SOURCE,
      ce_subject: stamp.customer,
      ce_time: factTime(stamp),
      'content-type': FACT_CONTENT,
    }),
  };
}

export const FACT_TOPICS: Readonly<Record<Fact['kind'], FactTopic>> = {
  'stage-changed': TOPIC.stageChanged,
  signal: TOPIC.signal,
  state: TOPIC.state,
};
export const CLOUD_EVENTS_VERSION = '1.0';
export const FACT_SOURCE = 'perennial/lifecycle-engine';
export const FACT_CONTENT = 'application/json';

/** `ce_id` of a fact: the position of its input, and its index. So it names the fact for ever. */
export function factId(stamp: Stamp, index: number): string {
  return `${stamp.position.topic}:${positionText(stamp)}:${index}`;
}
