import { z } from 'zod';
import { formatInstant, parseInstant } from '@perennial/values';

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
