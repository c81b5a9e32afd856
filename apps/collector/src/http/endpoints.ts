import { ACTIVITY_TYPES } from '@perennial/contracts';
import { readEvents } from '../cloud-events/read-events';
import type { Endpoint, Read } from '../request';
import { readBatch, readImport, readMessage } from '../segment/read-segment';

/** Where CloudEvents go, and webhooks. */
export const EVENTS = 'events';

/** What can be POSTed to under `/v1`, by name; docs/collector.md describes it. Segment's browser library uses the first letters. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  [EVENTS, { read: readEvents, keyIn: 'headers', success: 202 }],
  ...named(segment(readBatch), 'batch', 'b'),
  ...named(segment(readImport), 'import'),
  ...ACTIVITY_TYPES.flatMap((type) => named(segment(readMessage(type)), type, type.charAt(0))),
]);

/** Answers 200, as Segment does: its libraries for PHP and Python send what is answered with 202 again, without end. */
function segment(read: Read): Endpoint {
  return { read, keyIn: 'headers or body', success: 200 };
}

function named(endpoint: Endpoint, ...names: readonly string[]): readonly (readonly [string, Endpoint])[] {
  return names.map((name) => [name, endpoint]);
}
