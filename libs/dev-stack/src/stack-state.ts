import { z } from 'zod';

/** How other processes reach the log of a running stack. */
export const logAddressSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('kafka'), brokers: z.string() }),
  z.object({ kind: z.literal('served'), url: z.string(), token: z.string() }),
]);
export type LogAddress = z.output<typeof logAddressSchema>;

/** What a running stack tells other processes of its user, in `stack.json`. */
export const stackStateSchema = z.object({
  log: logAddressSchema,
  /** The variable that leads to what is stored. */
  database: z.object({ variable: z.enum(['DATABASE_URL', 'DATABASE_URLS']), value: z.string() }),
  services: z.array(z.object({ name: z.string(), url: z.string() })),
});
export type StackState = z.output<typeof stackStateSchema>;
