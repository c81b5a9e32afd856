/**
 * Facts to records. Written out by hand, since this is a hot path; the zod schemas of facts.ts read what is written here.
 * 1. A function of its arguments alone: a repeat is a repeat byte for byte.
 * 2. Fields stand in the order of the schemas.
 * 3. The id is the position of the causing input and an index, so it names the fact for ever.
 */
import type { CustomerStateFact, Fact, SignalFlip, StageChangedFact, Stamp } from './fact';
import type { Cause } from './facts';
import { customerKey, type Instant } from './ids';
import { formatInstant } from './iso';
import type { OutRecord } from './log-record';
import { TextWriter, type TextSink } from './text-sink';
import { TOPIC, type FactTopic } from './topics';

/** The text of the last instant: that of most facts is that of the fact before. */
class LastInstant {
  private instant = Number.NaN;
  private text = '';

  write(instant: Instant): string {
    if (instant !== this.instant) {
      this.text = formatInstant(instant);
      this.instant = instant;
    }
    return this.text;
  }
}
const decisions = new LastInstant();
const occasions = new LastInstant();

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
    headers: {
      ce_specversion: CLOUD_EVENTS_VERSION,
      ce_id: factId(stamp, index),
      ce_type: topic,
      ce_source: FACT_SOURCE,
      ce_subject: stamp.customer,
      ce_time: factTime(stamp),
      'content-type': FACT_CONTENT,
    },
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

export function factId({ position: { topic, partition, offset } }: Stamp, index: number): string {
  return `${topic}:${partition}:${offset}:${index}`;
}

export const factTime = ({ decidedAt }: Stamp): string => decisions.write(decidedAt);

/** The value of the record, as JSON. */
export function writeFact(out: TextSink, fact: Fact, stamp: Stamp): void {
  out.fixed('{"customer":');
  out.quoted(stamp.customer);
  out.fixed(',"cycle":');
  out.name(fact.cycle);
  switch (fact.kind) {
    case 'stage-changed':
      stageChanged(out, fact, stamp);
      return;
    case 'signal':
      signal(out, fact, stamp);
      return;
    case 'state':
      state(out, fact, stamp);
  }
}

function stageChanged(out: TextSink, fact: StageChangedFact, stamp: Stamp): void {
  out.fixed(',"region":');
  out.name(fact.region);
  out.fixed(',"sequence":');
  out.plain(String(fact.sequence));
  out.fixed(',"from":');
  nullableName(out, fact.from);
  out.fixed(',"to":');
  out.name(fact.to);
  out.fixed(',"path":');
  out.name(fact.path);
  times(out, fact.occurredAt, stamp);
  cause(out, fact.cause);
  definition(out, stamp);
  out.fixed(',"correction":null,"previousStageEnteredAt":');
  if (fact.previousStageEnteredAt === null) out.fixed('null');
  else instant(out, formatInstant(fact.previousStageEnteredAt));
  out.fixed(',"stateVersion":');
  version(out, stamp);
}

function signal(out: TextSink, fact: SignalFlip, stamp: Stamp): void {
  out.fixed(',"signal":');
  out.name(fact.signal);
  out.fixed(',"change":');
  out.name(fact.change);
  times(out, fact.occurredAt, stamp);
  out.fixed(',"activityId":');
  nullable(out, fact.activityId);
  definition(out, stamp);
  out.fixed(',"stateVersion":');
  version(out, stamp);
}

function state(out: TextSink, fact: CustomerStateFact, stamp: Stamp): void {
  out.fixed(',"stage":');
  out.name(fact.stage);
  out.fixed(',"band":null,"tier":null,"since":');
  instant(out, occasions.write(fact.since));
  definition(out, stamp);
  out.fixed(',"version":');
  version(out, stamp);
}

function times(out: TextSink, occurredAt: Instant, stamp: Stamp): void {
  out.fixed(',"occurredAt":');
  instant(out, occasions.write(occurredAt));
  out.fixed(',"decidedAt":');
  instant(out, factTime(stamp));
  out.fixed(',"mode":');
  out.name(stamp.mode);
}

function cause(out: TextSink, { kind, signal: mover, activityId }: Cause): void {
  out.fixed(',"cause":{"kind":');
  out.name(kind);
  out.fixed(',"signal":');
  nullableName(out, mover);
  out.fixed(',"activityId":');
  nullable(out, activityId);
  out.fixed('}');
}

function definition(out: TextSink, { definition: { name, version: number } }: Stamp): void {
  out.fixed(',"definition":{"name":');
  out.name(name);
  out.fixed(',"version":');
  out.plain(String(number));
  out.fixed('}');
}

/** Last of all. */
function version(out: TextSink, { position: { partition, offset } }: Stamp): void {
  out.fixed('"');
  out.plain(String(partition));
  out.fixed(':');
  out.plain(String(offset));
  out.fixed('"}');
}

function nullable(out: TextSink, text: string | null): void {
  if (text === null) out.fixed('null');
  else out.quoted(text);
}

function nullableName(out: TextSink, text: string | null): void {
  if (text === null) out.fixed('null');
  else out.name(text);
}

function instant(out: TextSink, text: string): void {
  out.fixed('"');
  out.plain(text);
  out.fixed('"');
}
