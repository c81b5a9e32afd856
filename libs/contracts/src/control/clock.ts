import { z } from 'zod';
import { instantText, tenantText } from './value-codecs';

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
export type Clock = z.output<typeof clockSchema>;
