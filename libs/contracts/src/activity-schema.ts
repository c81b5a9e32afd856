import { z } from 'zod';
import type { Json } from './activity';
import { MAX_TEXT, STORABLE } from './ids';
import { isShallow, MAX_NESTING } from './json';
import { parseInstant } from './iso';

const name = z.string().min(1).max(MAX_TEXT).regex(STORABLE);
/** Text or a whole number; empty text counts as absent. */
const id = z.union([z.string().max(MAX_TEXT).regex(STORABLE), z.int()]);
const requiredId = z.union([name, z.int()]);
const optionalId = id.nullish().meta({ id: 'Id' });

function isShallowJson(value: unknown): boolean {
  return isShallow(value as Json, MAX_NESTING);
}
const tooDeep = { error: `more than ${MAX_NESTING} levels deep` };

const object = z
  .record(z.string(), z.unknown())
  .refine(isShallowJson, tooDeep)
  .meta({ id: 'Properties', description: `At most ${MAX_NESTING} levels deep.` });

/** Most messages of one batch. */
const MAX_BATCH = 1_000;

/** Only the first one that is present is read, hence a bad one behind it does no harm. */
const time = z
  .unknown()
  .optional()
  .meta({ type: ['string', 'null'], format: 'date-time' });

const shared = {
  messageId: optionalId.describe("The producer's id of the message: a repeat with the same id has no second effect."),
  userId: optionalId.describe('The customer.'),
  anonymousId: optionalId.describe('The customer, where userId is absent.'),
  timestamp: time.describe('When it happened: RFC 3339 with a zone.'),
  originalTimestamp: time.describe('Stands in for timestamp.'),
  sentAt: time.describe('Stands in for timestamp and originalTimestamp.'),
};
const properties = object.nullish();
const names = { name: z.unknown().optional(), category: z.unknown().optional() };
const traits = {
  traits: object.nullish(),
  context: z.looseObject({ traits: object.nullish() }).nullish().describe('Its traits count where traits are absent.'),
};

const track = z.looseObject({ type: z.literal('track'), event: name, properties, ...shared });
const identify = z.looseObject({ type: z.literal('identify'), ...traits, ...shared });
const page = z.looseObject({ type: z.literal('page'), ...names, properties, ...shared });
const screen = z.looseObject({ type: z.literal('screen'), ...names, properties, ...shared });
const group = z.looseObject({ type: z.literal('group'), groupId: requiredId, ...traits, ...shared });
const alias = z.looseObject({ type: z.literal('alias'), previousId: requiredId, properties, ...shared });

type Message = { readonly [Field in keyof typeof shared]?: unknown };

function namesCustomer({ userId, anonymousId }: Message): boolean {
  return [userId, anonymousId].some((given) => given !== undefined && given !== null && given !== '');
}

function statesReadableTime({ timestamp, originalTimestamp, sentAt }: Message): boolean {
  return isReadableTime(timestamp ?? originalTimestamp ?? sentAt ?? null);
}

function isReadableTime(stated: unknown): boolean {
  return stated === null || (typeof stated === 'string' && parseInstant(stated) !== null);
}

/** A Segment message: what the activity topic takes as it is, and what it takes inside a CloudEvent. */
export const activitySchema = z
  .discriminatedUnion('type', [track, identify, page, screen, group, alias])
  .refine(namesCustomer, { error: 'needs a userId or an anonymousId' })
  .refine(statesReadableTime, { error: 'the timestamp is not RFC 3339 with a zone' })
  .meta({
    id: 'Activity',
    description: 'One activity of a customer, as a Segment message.',
    anyOf: [{ required: ['userId'] }, { required: ['anonymousId'] }],
  });
export type SegmentMessage = z.input<typeof activitySchema>;

/** Several messages in one HTTP request; the collector takes them apart, the topic does not take them. */
export const batchSchema = z
  .looseObject({
    type: z.literal('batch').optional(),
    batch: z.array(activitySchema).min(1).max(MAX_BATCH),
    sentAt: time.describe('When the client sent the batch.'),
  })
  .describe('Activities sent together.');
export type SegmentBatch = z.input<typeof batchSchema>;

/** A CloudEvent in structured mode. Data of type perennial.activity.v1 are a Segment message, all else is taken as it is. */
export const cloudEventSchema = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: name,
    source: z.string().min(1),
    type: name.describe('perennial.activity.v1, or a type of your own: then a track of this name.'),
    subject: optionalId.describe('The customer, where the data do not say.'),
    time: time.describe('When it happened: RFC 3339 with a zone.'),
    data: z.unknown().refine(isShallowJson, tooDeep).optional(),
    data_base64: z.null().optional().describe('Not taken: send data as JSON.'),
  })
  .refine((event) => isReadableTime(event.time ?? null), { error: 'the time is not RFC 3339 with a zone' })
  .describe('An event as a CloudEvent 1.0 in JSON.');
export type CloudEvent = z.input<typeof cloudEventSchema>;
