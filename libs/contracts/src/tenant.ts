import { z } from 'zod';
import { MAX_TENANT, type TenantId } from '@perennial/values';

/** A tenant on the wire (as {@link tenantId} demands), branded in memory. */
export const tenantText = z.codec(
  z
    .string()
    .min(1)
    .max(MAX_TENANT)
    .regex(/^[^:\0\ud800-\udfff]*$/u),
  z.custom<TenantId>(),
  { decode: (text) => text as TenantId, encode: (tenant) => tenant },
);
