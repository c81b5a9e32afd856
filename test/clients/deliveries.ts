import { decodeRecord, TOPIC } from '@perennial/contracts';
import type { Installation } from '../e2e/installation';

/** Number of an event → the ids under which it stands in the activity topic, one for each time. */
export type Deliveries = ReadonlyMap<number, readonly string[]>;

/** Reads the activity topic to its end. */
export async function deliveriesIn(installation: Installation): Promise<Deliveries> {
  const deliveries = new Map<number, string[]>();
  for (const record of await installation.records(TOPIC.activity)) {
    const decoded = decodeRecord(record);
    if (decoded.kind === 'poison') throw new Error(`a record that cannot be read: ${JSON.stringify(decoded)}`);
    if (decoded.kind !== 'activity') continue;
    const { id, properties } = decoded.activity;
    const number = Number(properties['number']);
    deliveries.set(number, [...(deliveries.get(number) ?? []), id ?? '']);
  }
  return deliveries;
}
