/**
 * Facts as JSON, the values of their records. Written out by hand, since this is a hot path; the schemas of fact.ts read what is
 * written here.
 * 1. A function of its arguments alone: a repeat is a repeat byte for byte.
 * 2. Fields stand in the order of the schemas.
 */
import { formatInstant, type Instant } from '@perennial/values';
import type { CustomerStateFact, Fact, SignalFlip, StageChangedFact, Stamp } from './fact';

/** Takes a text piece by piece, to keep it as characters or as bytes. */
export interface TextSink {
  /** One of few texts that come again and again. */
  fixed(text: string): void;
  plain(text: string): void;
  /** As a JSON string. */
  quoted(text: string): void;
}

/** As a string. */
export class TextWriter implements TextSink {
  text = '';

  fixed(text: string): void {
    this.text += text;
  }

  plain(text: string): void {
    this.text += text;
  }

  quoted(text: string): void {
    this.text += quoted(text);
  }
}

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_SURROGATE = 0xd800;

/** As JSON.stringify, which costs more for names and ids, which seldom need escapes. */
export function quoted(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < SPACE || code === QUOTE || code === BACKSLASH || code >= FIRST_SURROGATE) return JSON.stringify(text);
  }
  return `"${text}"`;
}

/** One-entry memo: consecutive facts usually share an instant. */
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

/** `ce_time` of a fact: the append time of its input, RFC 3339. */
export const factTime = ({ decidedAt }: Stamp): string => decisions.write(decidedAt);

/** One-entry memo of {@link positionText}: an input states several facts. */
const lastPosition = { partition: Number.NaN, offset: Number.NaN, text: '' };

/** `partition:offset` of the input that a fact is caused by. */
export function positionText({ position: { partition, offset } }: Stamp): string {
  if (partition !== lastPosition.partition || offset !== lastPosition.offset)
    Object.assign(lastPosition, { partition, offset, text: `${partition}:${offset}` });
  return lastPosition.text;
}

/** Writes the value of a fact's record, as JSON. */
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

type Part = string | number | null;

/** Parts are names of definitions, of which there are few. Fragments beyond so many are made each time. */
const MAX_FRAGMENTS = 4_096;

/** Memoizes a JSON fragment by up to three low-cardinality parts; nothing is evicted. */
function memoizeFragment(make: (a: Part, b: Part, c: Part) => string): (a: Part, b?: Part, c?: Part) => string {
  const known = new Map<Part, Map<Part, Map<Part, string>>>();
  let count = 0;
  return (a, b = null, c = null) => {
    const text = known.get(a)?.get(b)?.get(c);
    if (text !== undefined) return text;
    const made = make(a, b, c);
    if (count < MAX_FRAGMENTS) {
      count += 1;
      inner(inner(known, a), b).set(c, made);
    }
    return made;
  };
}

function inner<Value>(maps: Map<Part, Map<Part, Value>>, key: Part): Map<Part, Value> {
  const found = maps.get(key) ?? new Map<Part, Value>();
  maps.set(key, found);
  return found;
}

const json = JSON.stringify;
const named = (name: unknown, version: unknown): string =>
  `"definition":{"name":${json(name)},"version":${json(version)}}`;

// What stands between the parts that differ from fact to fact, by the few things that it depends on.
const ofRegion = memoizeFragment((cycle, region) => `,"cycle":${json(cycle)},"region":${json(region)},"sequence":`);
const ofWay = memoizeFragment(
  (path, from, to) => `,"from":${json(from)},"to":${json(to)},"path":${json(path)},"occurredAt":"`,
);
const ofMove = memoizeFragment(
  (mode, kind, mover) => `","mode":${json(mode)},"cause":{"kind":${json(kind)},"signal":${json(mover)},"activityId":`,
);
const ofEntry = memoizeFragment(
  (name, version) => `},${named(name, version)},"correction":null,"previousStageEnteredAt":null`,
);
const ofStay = memoizeFragment(
  (name, version) => `},${named(name, version)},"correction":null,"previousStageEnteredAt":"`,
);
const ofSignal = memoizeFragment(
  (cycle, name, change) => `,"cycle":${json(cycle)},"signal":${json(name)},"change":${json(change)},"occurredAt":"`,
);
const ofMode = memoizeFragment((mode) => `","mode":${json(mode)},"activityId":`);
const ofFlip = memoizeFragment((name, version) => `,${named(name, version)},"stateVersion":"`);
const ofStage = memoizeFragment(
  (cycle, stage) => `,"cycle":${json(cycle)},"stage":${json(stage)},"band":null,"tier":null,"since":"`,
);
const ofState = memoizeFragment((name, version) => `",${named(name, version)},"version":"`);
