import { z } from 'zod';
import type { OutRecord } from '../record';
import { controlRecord, instantText, tenantText } from './control-record';

/** `ce_type` of clock records. */
export const CLOCK_TYPE = 'perennial.clock.v1';

/**
 * Time for a partition. `live`: for all tenants whose time source is `wall` or `offset`, `at` is wall time;
 * `tenant`: for one tenant in event time (or in bootstrap), `at` is that tenant's time.
 */
export const clockSchema = z.strictObject({
  scope: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('live') }),
    z.strictObject({ kind: z.literal('tenant'), tenant: tenantText }),
  ]),
  at: instantText,
});
/** A clock record's value in memory: `at` in milliseconds. */
export type Clock = z.output<typeof clockSchema>;

/** An unsigned clock record of a partition; the engine takes it only with a number and a signature (see `signedBytes`). */
export function clockRecord(topic: string, partition: number, clock: Clock): OutRecord {
  return controlRecord(topic, partition, CLOCK_TYPE, z.encode(clockSchema, clock));
}
