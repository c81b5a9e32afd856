import { deadLetterRecord, type LogRecord, type Poison, type Position, readKey, TOPIC } from '@perennial/contracts';
import { DEFAULT_TENANT, type Instant, type TenantId } from '@perennial/values';
import type { LifecycleBatch } from '../lifecycle-types';

/** An input's place in the log, with the count of the facts it caused so far. */
export interface InputRef {
  readonly position: Position;
  /** The broker's append time. */
  readonly appendedAt: Instant;
  index: number;
}

/** The ref of a record of the activity topic, before it caused a fact. */
export const inputRef = (record: LogRecord, partition: number): InputRef => ({
  position: { topic: TOPIC.activity, partition, offset: record.offset },
  appendedAt: record.timestamp,
  index: 0,
});

/** Sets an input aside that cannot be read or obeyed. */
export function deadLetter(batch: LifecycleBatch, record: LogRecord, partition: number, poison: Poison): void {
  const { position } = inputRef(record, partition);
  batch.outbox.record(deadLetterRecord(record, position, poison));
  batch.counters.deadLetter(tenantOf(record), poison.cause);
}

/** Whose total a dead letter counts in: the key's tenant where it can be read. */
function tenantOf({ key }: LogRecord): TenantId {
  const read = readKey(key);
  return read.kind === 'key' ? read.tenant : DEFAULT_TENANT;
}
