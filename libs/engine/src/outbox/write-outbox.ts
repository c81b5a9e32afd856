/**
 * What a micro-batch publishes, as one blob: stored with it, and published from memory or, after a crash, from here.
 *
 * 1. What is read from a blob is written out to the same records, byte for byte, as what went in.
 * 2. Facts are stored as what they say, not as the JSON and headers they become: those repeat most of themselves.
 *
 * A blob is its format version (1 byte), items, and the item `end`. An item is its number (byte, see `ITEM`) and its fields. Byte,
 * count, text, bytes and double are the primitives of libs/codec (byte-writer.ts).
 *
 * | item | fields, in this order |
 * | --- | --- |
 * | `facts` 1 | stamp, index of the first fact (count), number of facts (count), facts |
 * | `record` 2 | topic (name), partition + 1 (count; 0: none), key, value (parts), number of headers (count), name and value of each (parts) |
 * | `end` 0 | |
 *
 * | part of an item | fields, in this order |
 * | --- | --- |
 * | stamp | tenant (name), customer (text), partition and offset (counts), decided at (double), mode (byte, place in `MODES`), definition (name), version (count) |
 * | fact | kind (byte, place in `KINDS`), cycle (name), then as its kind says |
 * | stage-changed | region (name), sequence (count), from (optional name), to, path (names), occurred at (double), cause, previous stage entered at (optional double) |
 * | signal | signal (name), change (byte, place in `CHANGES`), occurred at (double), activity (id) |
 * | state | stage (name), since (double) |
 * | cause | kind (byte, place in `CAUSE_KINDS`), signal (optional name), activity (id) |
 * | name | a text that recurs: where it stands for the first time in the blob 0 (count) and the text, else its number from 1 (count) |
 * | id | form (byte, see `ID`): none, that of the newest text id in the blob, or a text, which follows |
 * | part | form (byte, see `PART`): none, or bytes or a text, which follow |
 * | optional | 0 for null; 1 and the value (byte first) |
 *
 * Doubles are instants in ms since 1970.
 */
import { type Cause, CAUSE_KINDS, type Fact, type OutRecord, type Stamp } from '@perennial/contracts';
import { ByteWriter } from '@perennial/codec';
import type { OutboxWriter as BlobWriter } from '@perennial/processor';

/** A changed format gets a new number; golden fixture: test/fixtures/formats. */
export const FORMAT_VERSION = 3;
/** Name and value of a header were texts, not parts; read as long as a database may hold such blobs. */
export const FORMAT_OF_TEXT_HEADERS = 2;

/** What comes next in a blob. */
export const ITEM = { end: 0, facts: 1, record: 2 } as const;

/** Forms of key and value of a record, and of name and value of a header. */
export const PART = { none: 0, bytes: 1, text: 2 } as const;

/** Forms of an activity's id; often it is the one before. */
export const ID = { none: 0, same: 1, text: 2 } as const;

// The places of these names are stored: a new one is added at the end.
/** Kinds of facts. */
export const KINDS = ['stage-changed', 'signal', 'state'] as const;
/** What a signal did. */
export const CHANGES = ['on', 'off', 'pulse'] as const;
/** Whether a fact was stated live, or of a past under import. */
export const MODES = ['live', 'history'] as const;

/** Writes the blob of a micro-batch as it goes: what a decision states is bytes at once, and no object waits for the commit. */
export class OutboxWriter implements BlobWriter {
  private readonly writer = new ByteWriter();
  private readonly names = new Map<string, number>();
  private lastId: string | null = null;

  /** Bytes of the blob so far. */
  get size(): number {
    return this.writer.size;
  }

  /** Facts that share a stamp; `index` is that of the first among the facts of their input. */
  facts(facts: readonly Fact[], stamp: Stamp, index: number): void {
    this.begin(ITEM.facts);
    this.stamp(stamp);
    this.writer.count(index);
    this.writer.count(facts.length);
    for (const fact of facts) this.fact(fact);
  }

  record({ topic, partition, key, value, headers }: OutRecord): void {
    this.begin(ITEM.record);
    const { writer } = this;
    this.name(topic);
    writer.count(partition === undefined ? 0 : partition + 1);
    this.part(key);
    this.part(value);
    writer.count(headers.length);
    for (const header of headers) {
      this.part(header.name);
      this.part(header.value);
    }
  }

  /** The blob, null when it would be empty; the next one begins. */
  finish(): Uint8Array | null {
    if (this.writer.size === 0) return null;
    this.writer.byte(ITEM.end);
    this.names.clear();
    this.lastId = null;
    return this.writer.finish();
  }

  private begin(item: number): void {
    if (this.writer.size === 0) this.writer.byte(FORMAT_VERSION);
    this.writer.byte(item);
  }

  private stamp({ tenant, customer, position, decidedAt, mode, definition }: Stamp): void {
    const { writer } = this;
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
    const { writer } = this;
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
        writer.optional(fact.previousStageEnteredAt, this.double);
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
    this.writer.byte(CAUSE_KINDS.indexOf(kind));
    this.optionalName(signal);
    this.id(activityId);
  }

  private id(id: string | null): void {
    const { writer } = this;
    if (id === null) writer.byte(ID.none);
    else if (id === this.lastId) writer.byte(ID.same);
    else {
      writer.byte(ID.text);
      writer.text(id);
      this.lastId = id;
    }
  }

  /** A text that comes again and again: written out once. */
  private name(name: string): void {
    const { writer } = this;
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
    this.writer.byte(name === null ? 0 : 1);
    if (name !== null) this.name(name);
  }

  private readonly double = (value: number): void => {
    this.writer.double(value);
  };

  private part(part: string | Uint8Array | null): void {
    const { writer } = this;
    if (part === null) writer.byte(PART.none);
    else if (typeof part === 'string') {
      writer.byte(PART.text);
      writer.text(part);
    } else {
      writer.byte(PART.bytes);
      writer.bytes(part);
    }
  }
}
