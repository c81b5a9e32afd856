import type { JsonObject } from '@perennial/values';
import { CLOCK_TYPE } from '../control/clock';
import { commandSchemas } from '../control/command';
import { TOPIC } from '../topics';
import { activityHeaders, cloudEventHeaders, deadLetterHeaders, factHeaders, signedHeaders } from './headers';
import { payloadReference } from '../schema-catalogue';

export const BINDING = '0.5.0';

const CUSTOMER_KEY: JsonObject = {
  type: 'string',
  pattern: '^([^:]{1,64}:)?.{1,256}$',
  description:
    '`tenant:customer`; no colon: tenant `default`. The partition is murmur2 of the key, as Java clients choose it.',
};
const NO_KEY: JsonObject = { type: 'null', description: 'Addressed by partition.' };
const ANY_KEY: JsonObject = { description: 'As received.' };

interface Message {
  readonly summary: string;
  readonly headers: JsonObject;
  readonly payload: JsonObject;
  readonly key: JsonObject;
}

const signed = (type: string, summary: string): Message => ({
  summary,
  headers: signedHeaders(type),
  payload: payloadReference(type),
  key: NO_KEY,
});
const fact = (type: string, summary: string): Message => ({
  summary,
  headers: factHeaders(type),
  payload: payloadReference(type),
  key: CUSTOMER_KEY,
});

export const COMMANDS = Object.keys(commandSchemas);

/** Every message, by its name in the document. */
const MESSAGES: Readonly<Record<string, Message>> = {
  [TOPIC.activity]: {
    summary: 'An activity, as a bare Segment message.',
    headers: activityHeaders,
    payload: payloadReference(TOPIC.activity),
    key: CUSTOMER_KEY,
  },
  'cloud-event-binary': {
    summary: 'An activity as a CloudEvent in binary mode: a Segment message, or data of your own.',
    headers: cloudEventHeaders,
    payload: { description: 'JSON: a Segment message when ce_type is perennial.activity.v1, else any object.' },
    key: CUSTOMER_KEY,
  },
  'cloud-event-structured': {
    summary: 'An activity as a CloudEvent in structured mode.',
    headers: activityHeaders,
    payload: payloadReference('perennial.cloud-event.v1'),
    key: CUSTOMER_KEY,
  },
  [CLOCK_TYPE]: signed(CLOCK_TYPE, 'Time for a partition: what is due by then fires.'),
  ...Object.fromEntries(COMMANDS.map((type) => [type, signed(type, 'A command to one partition; sent to each.')])),
  [TOPIC.deadLetter]: {
    summary: 'A record that could not be processed, byte for byte, and why.',
    headers: deadLetterHeaders,
    payload: { description: 'As received: any bytes, or none.' },
    key: ANY_KEY,
  },
  [TOPIC.stageChanged]: fact(TOPIC.stageChanged, 'A move of a customer, entries included.'),
  [TOPIC.signal]: fact(TOPIC.signal, 'A signal turned on or off, or a published pulse.'),
  [TOPIC.state]: fact(TOPIC.state, 'Where a customer stands. Readers keep the greatest version of a key.'),
};

export function messages(): JsonObject {
  return Object.fromEntries(
    Object.entries(MESSAGES).map(([name, { summary, headers, payload, key }]) => [
      name,
      {
        name,
        summary,
        contentType: name === 'cloud-event-structured' ? 'application/cloudevents+json' : 'application/json',
        headers,
        payload,
        bindings: { kafka: { key, bindingVersion: BINDING } },
      },
    ]),
  );
}
