/**
 * Facts to records. Written out by hand, since this is a hot path; the zod schemas of facts.ts read what is written here.
 * 1. A function of its arguments alone: a repeat is a repeat byte for byte.
 * 2. Fields stand in the order of the schemas.
 * 3. The id is the position of the causing input and an index, so it names the fact for ever.
 */
import { between } from './between';
import type { CustomerStateFact, Fact, SignalFlip, StageChangedFact, Stamp } from './fact';
import { headersOf } from './headers';
import { customerKey, type Instant, formatInstant } from '@perennial/values';
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
/** `partition:offset` of the last position: an input states several facts. */
const lastPosition = { partition: Number.NaN, offset: Number.NaN, text: '' };

function positionText({ position: { partition, offset } }: Stamp): string {
  if (partition !== lastPosition.partition || offset !== lastPosition.offset)
    Object.assign(lastPosition, { partition, offset, text: `${partition}:${offset}` });
  return lastPosition.text;
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

export function factId(stamp: Stamp, index: number): string {
  return `${stamp.position.topic}:${positionText(stamp)}:${index}`;
}

export const factTime = ({ decidedAt }: Stamp): string => decisions.write(decidedAt);

/** The value of the record, as JSON. */
export function writeFact(out: TextSink, fact: Fact, stamp: Stamp): void {
  out.fixed('{"customer":');
  out.quoted(stamp.customer);
  switch (fact.kind) {
    case 'stage-changed':
      stageChanged(out, fact, stamp);
      break;
    case 'signal':
      signal(out, fact, stamp);
      break;
    case 'state':
      state(out, fact, stamp);
  }
  out.plain(positionText(stamp));
  out.fixed('"}');
}

function stageChanged(out: TextSink, fact: StageChangedFact, stamp: Stamp): void {
  const { cause, previousStageEnteredAt } = fact;
  const { definition } = stamp;
  out.fixed(ofRegion(fact.cycle, fact.region));
  out.plain(String(fact.sequence));
  out.fixed(ofWay(fact.path, fact.from, fact.to));
  times(out, fact.occurredAt, stamp);
  out.fixed(ofMove(stamp.mode, cause.kind, cause.signal));
  nullable(out, cause.activityId);
  if (previousStageEnteredAt === null) out.fixed(ofEntry(definition.name, definition.version));
  else {
    out.fixed(ofStay(definition.name, definition.version));
    out.plain(formatInstant(previousStageEnteredAt));
    out.fixed('"');
  }
  out.fixed(',"stateVersion":"');
}

function signal(out: TextSink, fact: SignalFlip, stamp: Stamp): void {
  out.fixed(ofSignal(fact.cycle, fact.signal, fact.change));
  times(out, fact.occurredAt, stamp);
  out.fixed(ofMode(stamp.mode));
  nullable(out, fact.activityId);
  out.fixed(ofFlip(stamp.definition.name, stamp.definition.version));
}

function state(out: TextSink, fact: CustomerStateFact, stamp: Stamp): void {
  out.fixed(ofStage(fact.cycle, fact.stage));
  out.plain(occasions.write(fact.since));
  out.fixed(ofState(stamp.definition.name, stamp.definition.version));
}

function times(out: TextSink, occurredAt: Instant, stamp: Stamp): void {
  out.plain(occasions.write(occurredAt));
  out.fixed('","decidedAt":"');
  out.plain(factTime(stamp));
}

function nullable(out: TextSink, text: string | null): void {
  if (text === null) out.fixed('null');
  else out.quoted(text);
}

const json = JSON.stringify;
const named = (name: unknown, version: unknown): string =>
  `"definition":{"name":${json(name)},"version":${json(version)}}`;

// What stands between the parts that differ from fact to fact, by the few things that it depends on.
const ofRegion = between((cycle, region) => `,"cycle":${json(cycle)},"region":${json(region)},"sequence":`);
const ofWay = between((path, from, to) => `,"from":${json(from)},"to":${json(to)},"path":${json(path)},"occurredAt":"`);
const ofMove = between(
  (mode, kind, mover) => `","mode":${json(mode)},"cause":{"kind":${json(kind)},"signal":${json(mover)},"activityId":`,
);
const ofEntry = between((name, version) => `},${named(name, version)},"correction":null,"previousStageEnteredAt":null`);
const ofStay = between((name, version) => `},${named(name, version)},"correction":null,"previousStageEnteredAt":"`);
const ofSignal = between(
  (cycle, name, change) => `,"cycle":${json(cycle)},"signal":${json(name)},"change":${json(change)},"occurredAt":"`,
);
const ofMode = between((mode) => `","mode":${json(mode)},"activityId":`);
const ofFlip = between((name, version) => `,${named(name, version)},"stateVersion":"`);
const ofStage = between(
  (cycle, stage) => `,"cycle":${json(cycle)},"stage":${json(stage)},"band":null,"tier":null,"since":"`,
);
const ofState = between((name, version) => `",${named(name, version)},"version":"`);
