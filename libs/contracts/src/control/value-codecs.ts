/** Values of clock records and commands: text on the wire, values of our own in memory. */
import { formatInstant, MAX_TENANT, parseInstant, type TenantId } from '@perennial/values';
import { z } from 'zod';

/** An RFC 3339 date-time with seconds on the wire, an {@link Instant} (milliseconds) in memory. */
export const instantText = z.codec(z.iso.datetime({ offset: true }), z.number().int(), {
  decode: (text, context) => {
    const instant = parseInstant(text);
    if (instant !== null) return instant;
    context.issues.push({
      code: 'invalid_format',
      format: 'datetime',
      input: text,
      message: 'not an RFC 3339 date-time',
    });
    return z.NEVER;
  },
  encode: (instant) => formatInstant(instant),
});

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
