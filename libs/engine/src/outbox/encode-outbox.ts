import { type Cause, CAUSE_KINDS, type Fact, type OutRecord, type Stamp } from '@perennial/contracts';
import { Writer } from '@perennial/lifecycle';
import type { Emission } from '../emission';
import { CHANGES, ID, ITEM, KINDS, LAYOUT, MODES, PIECE } from './blob-layout';

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
  writer.byte(ITEM.end);
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
    writer.byte(ITEM.facts);
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
    writer.byte(ITEM.record);
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
    writer.byte(CAUSE_KINDS.indexOf(kind));
    this.optionalName(signal);
    this.id(activityId);
  }

  private id(id: string | null): void {
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
  if (piece === null) writer.byte(PIECE.none);
  else if (typeof piece === 'string') {
    writer.byte(PIECE.text);
    writer.text(piece);
  } else {
    writer.byte(PIECE.bytes);
    writer.bytes(piece);
  }
}
