import type { Activity } from './activity';
import { CLOCK_TYPE, clockSchema, type Clock } from '../control/clock';
import { openEnvelope, readForeign, type Envelope } from './cloud-event';
import { commandSchemas, isCommandType, type Command } from '../control/command';
import { poison, shown, type Poison } from '../dead-letter/poison';
import { FORWARD_HEADER } from './forwarding';
import { customerKey, DEFAULT_TENANT, type CustomerId, type CustomerKey, type TenantId } from '@perennial/values';
import {
  envelopeBytes,
  hasHeader,
  type Header,
  type Headers,
  headerText,
  type LogRecord,
  MAX_ACTIVITY_BYTES,
  MAX_ENVELOPE_BYTES,
  MAX_FORWARDING_BYTES,
} from '../record';
import { readJson, readKey, type ReadKey } from './read-record';
import { readSegment } from './segment';
import { NUMBER_HEADER, type Seal, SIGNATURE_HEADER } from '../control/signature';
import { TOPIC } from '../topics';

/** What a record of the activity topic is. */
export type Decoded =
  | { readonly kind: 'activity'; readonly tenant: TenantId; readonly key: CustomerKey; readonly activity: Activity }
  | { readonly kind: 'clock'; readonly clock: Clock; readonly seal: Seal }
  | { readonly kind: 'command'; readonly command: Command; readonly seal: Seal }
  | Poison;

/** Types with this prefix are Perennial's own; those that are not known are refused, not taken for a customer's doing. */
const OWN = 'perennial.';
const COMMAND = 'perennial.command.';

/**
 * Reads a record of the activity topic, whichever envelope it came in. A function of the record alone; never throws.
 * Clock records and commands are addressed by partition, so their key does not matter. `key`: where it was read already.
 */
export function decodeRecord(record: LogRecord, key = readKey(record.key)): Decoded {
  const size = oversize(record);
  if (size !== null) return size;
  if (record.value === null) return poison('null-value', 'The record has no value; send an activity as JSON.');
  const read = readJson(record.value);
  if (read.kind === 'poison') return read;
  const headers = withLowerCaseNames(record.headers);
  const envelope = openEnvelope(headers, read.json);
  if (envelope.kind === 'poison') return envelope;
  if (envelope.type === CLOCK_TYPE) return decodeClock(envelope, sealOf(headers));
  if (envelope.type.startsWith(COMMAND)) return decodeCommand(envelope, sealOf(headers));
  return decodeActivity(envelope, key);
}

function oversize(record: LogRecord): Poison | null {
  const length = record.value?.length ?? 0;
  if (length > MAX_ACTIVITY_BYTES) {
    return poison(
      'too-large',
      `The value has ${length} bytes, more than ${MAX_ACTIVITY_BYTES}; send less, or a reference.`,
    );
  }
  const envelope = envelopeBytes(record);
  if (envelope <= MAX_ENVELOPE_BYTES) return null;
  // Forwarding adds headers to what was taken before: it is to be taken again.
  const most = MAX_ENVELOPE_BYTES + (hasHeader(record.headers, FORWARD_HEADER.from) ? MAX_FORWARDING_BYTES : 0);
  if (envelope <= most) return null;
  return poison('too-large', `Key and headers have ${envelope} bytes, more than ${most}; send fewer headers.`);
}

/** Kafka's binding writes `ce_*` in lower case, but header names of CloudEvents do not depend on case. */
function withLowerCaseNames(headers: Headers): Headers {
  for (const { name } of headers) if (name !== lowerCase(name)) return headers.map(withLowerCaseName);
  return headers;
}

const withLowerCaseName = ({ name, value }: Header): Header => ({ name: lowerCase(name), value });
const lowerCase = (name: Header['name']): Header['name'] => (typeof name === 'string' ? name.toLowerCase() : name);

const sealOf = (headers: Headers): Seal => ({
  number: headerText(headers, NUMBER_HEADER) ?? null,
  signature: headerText(headers, SIGNATURE_HEADER) ?? null,
});

function decodeClock({ data }: Envelope, seal: Seal): Decoded {
  const parsed = clockSchema.safeParse(data);
  if (parsed.success) return { kind: 'clock', clock: parsed.data, seal };
  return poison('invalid-shape', `The clock record cannot be read: ${firstIssue(parsed.error)}.`);
}

function decodeCommand({ type, data }: Envelope, seal: Seal): Decoded {
  if (!isCommandType(type)) {
    const known = Object.keys(commandSchemas).map((name) => name.slice(COMMAND.length));
    return poison('unknown-command', `${shown(type)} is no command; known: ${known.join(', ')}.`);
  }
  const parsed = commandSchemas[type].safeParse(data);
  // The schema is the one of this type; TypeScript cannot follow the pair through the union.
  if (parsed.success) return { kind: 'command', command: { type, ...parsed.data } as Command, seal };
  return poison('invalid-command', `The ${type} cannot be read: ${firstIssue(parsed.error)}.`);
}

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

function firstIssue({ issues: [issue] }: Issues): string {
  if (issue === undefined) return 'it does not fit its schema';
  return `${issue.path.length === 0 ? 'its value' : issue.path.join('.')}: ${issue.message}`;
}

function decodeActivity(envelope: Envelope, read: ReadKey | Poison): Decoded {
  if (read.kind === 'poison') return read;
  const activity = readActivity(envelope);
  if ('kind' in activity) return activity;
  const { tenant, customer, key } = read;
  if (activity.customer === customer) return { kind: 'activity', tenant, key, activity };
  return refuseKey(read, activity.customer);
}

function refuseKey({ tenant, customer }: ReadKey, named: CustomerId): Poison {
  if (named === `${tenant}:${customer}`) {
    return poison(
      'key-mismatch',
      `The key ${shown(named)} is read as customer ${shown(customer)} of tenant ${shown(tenant)}; a customer with a colon needs its tenant before it: send ${shown(customerKey(DEFAULT_TENANT, named))}.`,
    );
  }
  return poison(
    'key-mismatch',
    `The key names customer ${shown(customer)}, the value ${shown(named)}; send tenant:customer as the key.`,
  );
}

function readActivity(envelope: Envelope): Activity | Poison {
  if (envelope.type === TOPIC.activity) return readSegment(envelope.data, envelope.attributes);
  if (!envelope.type.startsWith(OWN)) return readForeign(envelope);
  return poison(
    'unknown-type',
    `${shown(envelope.type)} is no type of Perennial's; send ${TOPIC.activity}, or your own.`,
  );
}
