import {
  type Cause,
  CAUSE_KINDS,
  type Emission,
  emissionBytes,
  type Fact,
  FACT_TOPICS,
  type OutHeader,
  type OutRecord,
  type Stamp,
  TOPIC,
} from '@perennial/contracts';
import { type CustomerId, InvariantViolation, type TenantId } from '@perennial/values';
import { ByteReader } from '@perennial/codec';
import type { OutboxReader as BlobReader, RequestSize } from '@perennial/processor';
import { CHANGES, ID, ITEM, KINDS, FORMAT_VERSION, FORMAT_OF_TEXT_HEADERS, MODES, PART } from './write-outbox';

/** All that a blob holds. */
export const decodeOutbox = (bytes: Uint8Array): Emission[] =>
  new OutboxReader(bytes).take({ records: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY });

/** Reads a blob request by request, so that it is never all there as objects. */
export class OutboxReader implements BlobReader<Emission> {
  private readonly reader: ByteReader;
  private readonly format: number;
  private readonly names: string[] = [];
  private lastId: string | null = null;
  /** Read already, but beyond the last request. */
  private ahead: Emission | null = null;
  /** Facts that share a stamp, and how many of them are left. */
  private group: { readonly stamp: Stamp; index: number; left: number } | null = null;

  /** Throws InvariantViolation when the blob is of a format that this release does not know. */
  constructor(bytes: Uint8Array) {
    this.reader = ByteReader.of(bytes);
    this.format = this.reader.byte();
    if (this.format !== FORMAT_VERSION && this.format !== FORMAT_OF_TEXT_HEADERS) throw unknownFormat(this.format);
  }

  /** The next entries; `most.bytes` as `emissionBytes` counts them. Empty when there are no more. */
  take(most: RequestSize): Emission[] {
    const taken: Emission[] = [];
    let bytes = 0;
    while (taken.length < most.records) {
      const emission = this.ahead ?? this.read();
      this.ahead = null;
      if (emission === null) break;
      bytes += emissionBytes(emission);
      if (taken.length > 0 && bytes > most.bytes) {
        this.ahead = emission;
        break;
      }
      taken.push(emission);
    }
    return taken;
  }

  /** Null at the end. */
  private read(): Emission | null {
    for (;;) {
      const emission = this.group === null ? this.next() : this.ofGroup(this.group);
      if (emission === 'end') return null;
      if (emission !== 'group') return emission;
    }
  }

  private next(): OutRecord | 'group' | 'end' {
    switch (this.reader.byte()) {
      case ITEM.facts:
        this.group = { stamp: this.stamp(), index: this.reader.count(), left: this.reader.count() };
        return 'group';
      case ITEM.record:
        return this.record();
      case ITEM.end:
        // The end is read again by who asks again.
        this.reader.back();
        return 'end';
      default:
        throw unreadable();
    }
  }

  private ofGroup(group: { readonly stamp: Stamp; index: number; left: number }): Emission | 'group' {
    if (group.left === 0) {
      this.group = null;
      return 'group';
    }
    const { stamp } = group;
    const fact = this.fact();
    group.left -= 1;
    return { topic: FACT_TOPICS[fact.kind], partition: stamp.position.partition, fact, stamp, index: group.index++ };
  }

  private record(): OutRecord {
    const { reader } = this;
    const topic = this.name();
    const partition = reader.count() - 1;
    const [key, value] = [this.part(), this.part()];
    const headers = reader.list(() => this.header());
    return { topic, ...(partition < 0 ? {} : { partition }), key, value, headers };
  }

  private header(): OutHeader {
    if (this.format === FORMAT_OF_TEXT_HEADERS) return { name: this.reader.text(), value: this.reader.text() };
    return { name: this.part() ?? '', value: this.part() };
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
    return { kind: CAUSE_KINDS[this.reader.byte()] ?? 'command', signal: this.optionalName(), activityId: this.id() };
  }

  private id(): string | null {
    const form = this.reader.byte();
    if (form === ID.none) return null;
    if (form === ID.text) this.lastId = this.reader.text();
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

  private part(): string | Uint8Array | null {
    const form = this.reader.byte();
    if (form === PART.none) return null;
    return form === PART.text ? this.reader.text() : this.reader.bytes();
  }
}

const unreadable = (): InvariantViolation =>
  new InvariantViolation(
    'ENGINE.OUTBOX_UNREADABLE',
    'an outbox blob holds something that is no fact, record or end: restore the database from a backup',
  );

const unknownFormat = (format: number): InvariantViolation =>
  new InvariantViolation(
    'ENGINE.OUTBOX_LAYOUT_UNKNOWN',
    `an outbox blob has layout ${format}, this release knows ${FORMAT_VERSION}: start the release that wrote it and let it publish`,
  );
