import { z } from 'zod';
import type { SegmentMessage } from './activity/activity-schema';
import { CLOCK_TYPE, clockSchema, type Clock } from './control/clock';
import { commandSchemas, type Command } from './control/command';
import { InvalidInput, customerId, customerKey, type TenantId } from '@perennial/values';
import { headersOf, type OutRecord } from './record';
import { readId } from './activity/field-readers';
import { TOPIC } from './topics';

const utf8 = new TextEncoder();

/**
 * The record of an activity: bare Segment JSON under the key of its customer, without headers, the leanest that decodes.
 * Throws `InvalidInput` when the message names no customer.
 */
export function activityRecord(tenant: TenantId, message: SegmentMessage): OutRecord {
  const customer = customerId(readId(message.userId) ?? readId(message.anonymousId) ?? '');
  if (customer === null) {
    throw new InvalidInput(
      'ACTIVITY.NO_CUSTOMER',
      `The ${message.type} message names no customer; give it a userId or an anonymousId of 1 to 256 characters.`,
    );
  }
  return {
    topic: TOPIC.activity,
    key: customerKey(tenant, customer),
    value: utf8.encode(JSON.stringify(message)),
    headers: [],
  };
}

/** An unsigned clock record of a partition; the engine takes it only with a number and a signature (see `signedBytes`). */
export function clockRecord(topic: string, partition: number, clock: Clock): OutRecord {
  return addressed(topic, partition, CLOCK_TYPE, z.encode(clockSchema, clock));
}

/** An unsigned command to a partition; the engine takes it only with a number and a signature (see `signedBytes`). */
export function commandRecord(topic: string, partition: number, { type, ...value }: Command): OutRecord {
  const schema: z.ZodType = commandSchemas[type];
  return addressed(topic, partition, type, z.encode(schema, value));
}

function addressed(topic: string, partition: number, type: string, value: unknown): OutRecord {
  return {
    topic,
    partition,
    key: null,
    value: utf8.encode(JSON.stringify(value)),
    headers: headersOf({ ce_type: type }),
  };
}
