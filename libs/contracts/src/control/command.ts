import { z } from 'zod';
import type { OutRecord } from '../record';
import { controlRecord, instantText, tenantText } from './control-record';
import { MAX_TEXT, STORABLE } from '@perennial/values';

/** The longest text of a definition, in UTF-8 bytes. */
export const MAX_DEFINITION_BYTES = 256 * 1024;
/** Who published a definition, in UTF-16 code units. */
export const MAX_AUTHOR = 200;
/** Why, in UTF-16 code units. */
export const MAX_REASON = 1_000;

/** Maps wall time to a tenant's time. */
const timeSourceSchema = z.discriminatedUnion('kind', [
  /** Live: the tenant's time is wall time. */
  z.strictObject({ kind: z.literal('wall') }),
  /** History: clock records come from the importer. `aheadMs` = tenant time − wall time, to tell the future from the past. */
  z.strictObject({ kind: z.literal('event'), aheadMs: z.number().int() }),
  /** A frozen end of history that runs on: tenant time = base + (wall − from) × speed. Speed 0 stands still. */
  z.strictObject({
    kind: z.literal('offset'),
    base: instantText,
    from: instantText,
    speed: z.number().min(0).max(1e6),
  }),
]);
/** A tenant's time source in memory: instants in milliseconds. */
export type TimeSource = z.output<typeof timeSourceSchema>;

/** Customers of a bootstrap; null = the whole tenant. */
const customers = z.array(z.string().min(1).max(MAX_TEXT).regex(STORABLE)).max(10_000).nullable();

/** Of every command: its `ce_type` and the shape of its value. */
export const commandSchemas = {
  'perennial.command.set-time-source.v1': z.strictObject({ tenant: tenantText, source: timeSourceSchema }),
  'perennial.command.start-bootstrap.v1': z.strictObject({ tenant: tenantText, customers }),
  'perennial.command.end-bootstrap.v1': z.strictObject({ tenant: tenantText, customers }),
  /**
   * `source` is the definition's YAML: the log alone must suffice to decide. Its bytes are counted where it is compiled. `author`
   * and `reason` change nothing: they are kept for who asks later, and commands of earlier releases have neither.
   */
  'perennial.command.publish-definition.v1': z.strictObject({
    tenant: tenantText,
    source: z.string().min(1).max(MAX_DEFINITION_BYTES).regex(STORABLE),
    author: z.string().min(1).max(MAX_AUTHOR).regex(STORABLE).optional(),
    reason: z.string().min(1).max(MAX_REASON).regex(STORABLE).optional(),
  }),
} as const;

/** `ce_type` of a command. */
export type CommandType = keyof typeof commandSchemas;
/** A command's value in memory, with its `ce_type`. */
export type Command = {
  [T in CommandType]: { readonly type: T } & z.output<(typeof commandSchemas)[T]>;
}[CommandType];

/** Whether a `ce_type` is that of a command of this release. */
export function isCommandType(type: string): type is CommandType {
  return Object.hasOwn(commandSchemas, type);
}

/** An unsigned command to a partition; the engine takes it only with a number and a signature (see `signedBytes`). */
export function commandRecord(topic: string, partition: number, { type, ...value }: Command): OutRecord {
  const schema: z.ZodType = commandSchemas[type];
  return controlRecord(topic, partition, type, z.encode(schema, value));
}
