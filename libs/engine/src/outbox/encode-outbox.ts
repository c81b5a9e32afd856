import { type Cause, CAUSE_KINDS, type Fact, type OutRecord, type Stamp } from '@perennial/contracts';
import { ByteWriter } from '@perennial/codec';
import { CHANGES, ID, ITEM, KINDS, LAYOUT, MODES, PIECE } from './blob-layout';

/** Writes the blob of a micro-batch as it goes: what a decision states is bytes at once, and no object waits for the commit. */
export class OutboxWriter {
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
    this.piece(key);
    this.piece(value);
    writer.count(headers.length);
    for (const header of headers) {
      this.piece(header.name);
      this.piece(header.value);
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
    if (this.writer.size === 0) this.writer.byte(LAYOUT);
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

  private piece(piece: string | Uint8Array | null): void {
    const { writer } = this;
    if (piece === null) writer.byte(PIECE.none);
    else if (typeof piece === 'string') {
      writer.byte(PIECE.text);
      writer.text(piece);
    } else {
      writer.byte(PIECE.bytes);
      writer.bytes(piece);
    }
  }
}
