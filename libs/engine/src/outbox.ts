/**
 * What a micro-batch publishes, as one blob: stored with it, and published from memory or, after a crash, from here.
 *
 * 1. What is read from a blob is written out to the same records, byte for byte, as what went in.
 * 2. Facts are stored as what they say, not as the JSON and headers they become: a tenth of the bytes.
 */
import {
  type Cause,
  type CustomerId,
  type Fact,
  InvariantViolation,
  type OutRecord,
  type Stamp,
  type TenantId,
  TOPIC,
} from '@perennial/contracts';
import { Reader, Writer } from '@perennial/lifecycle';
import type { Emission } from './emission';

const LAYOUT = 2;
const FACTS = 1;
const RECORD = 2;
const END = 0;
const NULL = 0;
const BYTES = 1;
const TEXT = 2;
/** An activity's id that is the one before. */
const SAME = 1;
const KINDS = ['stage-changed', 'signal', 'state'] as const;
const CHANGES = ['on', 'off', 'pulse'] as const;
const MODES = ['live', 'history'] as const;
const CAUSES = ['entry', 'activity', 'deadline', 'after', 'settle', 'command'] as const;

const writer = new Writer();

export function encodeOutbox(emissions: readonly Emission[]): Uint8Array {
  const blob = new BlobWriter();
  writer.byte(LAYOUT);
  for (let at = 0; at < emissions.length; ) {
    const emission = emissions[at];
    if (emission?.kind === 'fact') at += blob.facts(emissions, at, emission.stamp);
    else {
      if (emission !== undefined) blob.record(emission.record);
      at += 1;
    }
  }
  writer.byte(END);
  return writer.finish();
}

class BlobWriter {
  private readonly names = new Map<string, number>();
  private lastId: string | null = null;

  /** All facts that share a stamp; how many these were. */
  facts(emissions: readonly Emission[], from: number, stamp: Stamp): number {
    let count = 0;
    for (let next = emissions[from]; next?.kind === 'fact' && next.stamp === stamp; next = emissions[from + count])
      count++;
    const first = emissions[from];
    writer.byte(FACTS);
    this.stamp(stamp);
    writer.count(first?.kind === 'fact' ? first.index : 0);
    writer.count(count);
    for (let at = from; at < from + count; at++) {
      const emission = emissions[at];
      if (emission?.kind === 'fact') this.fact(emission.fact);
    }
    return count;
  }

  record({ topic, partition, key, value, headers }: OutRecord): void {
    writer.byte(RECORD);
    this.name(topic);
    writer.count(partition === undefined ? 0 : partition + 1);
    piece(key);
    piece(value);
    const entries = Object.entries(headers);
    writer.count(entries.length);
    for (const [name, text] of entries) {
      writer.text(name);
      writer.text(text);
    }
  }

  private stamp({ tenant, customer, position, decidedAt, mode, definition }: Stamp): void {
    this.name(tenant);
    writer.text(customer);
    writer.count(position.partition);
    writer.count(position.offset);
    writer.double(decidedAt);
    writer.byte(MODES.indexOf(mode));
    this.name(definition.name);
    writer.count(definition.version);
  }

  private fact(fact: Fact): void {
    writer.byte(KINDS.indexOf(fact.kind));
    this.name(fact.cycle);
    switch (fact.kind) {
      case 'stage-changed':
        this.name(fact.region);
        writer.count(fact.sequence);
        this.optionalName(fact.from);
        this.name(fact.to);
        this.name(fact.path);
        writer.double(fact.occurredAt);
        this.cause(fact.cause);
        writer.optional(fact.previousStageEnteredAt, double);
        return;
      case 'signal':
        this.name(fact.signal);
        writer.byte(CHANGES.indexOf(fact.change));
        writer.double(fact.occurredAt);
        this.id(fact.activityId);
        return;
      case 'state':
        this.name(fact.stage);
        writer.double(fact.since);
    }
  }

  private cause({ kind, signal, activityId }: Cause): void {
    writer.byte(CAUSES.indexOf(kind));
    this.optionalName(signal);
    this.id(activityId);
  }

  private id(id: string | null): void {
    if (id === null) writer.byte(NULL);
    else if (id === this.lastId) writer.byte(SAME);
    else {
      writer.byte(TEXT);
      writer.text(id);
      this.lastId = id;
    }
  }

  /** A text that comes again and again: written out once. */
  private name(name: string): void {
    const known = this.names.get(name);
    if (known !== undefined) {
      writer.count(known);
      return;
    }
    this.names.set(name, this.names.size + 1);
    writer.count(0);
    writer.text(name);
  }

  private optionalName(name: string | null): void {
    writer.byte(name === null ? 0 : 1);
    if (name !== null) this.name(name);
  }
}

const double = (value: number): void => {
  writer.double(value);
};

function piece(piece: string | Uint8Array | null): void {
  if (piece === null) writer.byte(NULL);
  else if (typeof piece === 'string') {
    writer.byte(TEXT);
    writer.text(piece);
  } else {
    writer.byte(BYTES);
    writer.bytes(piece);
  }
}

/** Throws InvariantViolation when the blob is of a layout this release does not know. */
export function decodeOutbox(bytes: Uint8Array): Emission[] {
  const reader = new Reader(bytes);
  const layout = reader.byte();
  if (layout !== LAYOUT) throw unknownLayout(layout);
  const blob = new BlobReader(reader);
  const emissions: Emission[] = [];
  for (let what = reader.byte(); what !== END; what = reader.byte()) {
    if (what === FACTS) blob.facts(emissions);
    else emissions.push({ kind: 'record', record: blob.record() });
  }
  return emissions;
}

class BlobReader {
  private readonly names: string[] = [];
  private lastId: string | null = null;

  constructor(private readonly reader: Reader) {}

  facts(emissions: Emission[]): void {
    const stamp = this.stamp();
    const first = this.reader.count();
    const count = this.reader.count();
    for (let index = first; index < first + count; index++) {
      emissions.push({ kind: 'fact', fact: this.fact(), stamp, index });
    }
  }

  record(): OutRecord {
    const { reader } = this;
    const topic = this.name();
    const partition = reader.count() - 1;
    const [key, value] = [this.piece(), this.piece()];
    const headers = Object.fromEntries(reader.list(() => [reader.text(), reader.text()] as const));
    return { topic, ...(partition < 0 ? {} : { partition }), key, value, headers };
  }

  private stamp(): Stamp {
    const { reader } = this;
    return {
      tenant: this.name() as TenantId,
      customer: reader.text() as CustomerId,
      position: { topic: TOPIC.activity, partition: reader.count(), offset: reader.count() },
      decidedAt: reader.double(),
      mode: MODES[reader.byte()] ?? 'live',
      definition: { name: this.name(), version: reader.count() },
    };
  }

  private fact(): Fact {
    const { reader } = this;
    const kind = KINDS[reader.byte()] ?? 'state';
    const cycle = this.name();
    switch (kind) {
      case 'stage-changed':
        return {
          kind,
          cycle,
          region: this.name(),
          sequence: reader.count(),
          from: this.optionalName(),
          to: this.name(),
          path: this.name(),
          occurredAt: reader.double(),
          cause: this.cause(),
          previousStageEnteredAt: reader.optional(() => reader.double()),
        };
      case 'signal':
        return {
          kind,
          cycle,
          signal: this.name(),
          change: CHANGES[reader.byte()] ?? 'pulse',
          occurredAt: reader.double(),
          activityId: this.id(),
        };
      case 'state':
        return { kind, cycle, stage: this.name(), since: reader.double() };
    }
  }

  private cause(): Cause {
    return { kind: CAUSES[this.reader.byte()] ?? 'command', signal: this.optionalName(), activityId: this.id() };
  }

  private id(): string | null {
    const form = this.reader.byte();
    if (form === NULL) return null;
    if (form === TEXT) this.lastId = this.reader.text();
    return this.lastId;
  }

  private name(): string {
    const number = this.reader.count();
    if (number > 0) return this.names[number - 1] ?? '';
    const name = this.reader.name();
    this.names.push(name);
    return name;
  }

  private optionalName(): string | null {
    return this.reader.byte() === 0 ? null : this.name();
  }

  private piece(): string | Uint8Array | null {
    const form = this.reader.byte();
    if (form === NULL) return null;
    return form === TEXT ? this.reader.text() : this.reader.bytes();
  }
}

const unknownLayout = (layout: number): InvariantViolation =>
  new InvariantViolation(
    'ENGINE.OUTBOX_LAYOUT_UNKNOWN',
    `an outbox blob has layout ${layout}, this release knows ${LAYOUT}: start the release that wrote it and let it publish`,
  );
