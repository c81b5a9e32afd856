import { z } from 'zod';
import { ACTIVITY_TYPES } from './activity';
import { type Json, type JsonObject, MAX_TEXT, STORABLE, isShallow, parseInstant } from '@perennial/values';
import { attributeFlaw } from './cloud-event';
import { MAX_NESTING } from './read-record';
import { ID_LIMIT, NAME_LIMIT, statedTime, timeFlaw } from './field-readers';

const nameError = { error: `expected a name of ${NAME_LIMIT}` };
const idError = { error: `expected ${ID_LIMIT}` };
const name = z.string(nameError).min(1, nameError).max(MAX_TEXT, nameError).regex(STORABLE, nameError);
// Each check says it itself: where a value has the type of one half of a union, that half's own words are the answer.
const text = z.string(idError).max(MAX_TEXT, idError).regex(STORABLE, idError);
const whole = z.int(idError);
/** Text or a whole number; empty text counts as absent. */
const id = z.union([text, whole], idError);
const requiredId = z.union([text.min(1, idError), whole], idError);
const optionalId = id.nullish().meta({ id: 'Id' });

function isShallowJson(value: unknown): boolean {
  return isShallow(value as Json, MAX_NESTING);
}
const tooDeep = { error: `nests deeper than ${MAX_NESTING} levels: send flatter data` };

const notObject = { error: 'expected a JSON object' };
const object = z
  .record(z.string(), z.unknown(), notObject)
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

/** Only the first time that is there is read. */
function refuseUnreadableTime(message: Message, context: z.RefinementCtx): void {
  const field = statedTime(message);
  if (field !== null) refuseTime(field, message[field], context);
}

function refuseTime(field: string, value: unknown, context: z.RefinementCtx): void {
  if (value === undefined || value === null || (typeof value === 'string' && parseInstant(value) !== null)) return;
  context.addIssue({ code: 'custom', path: [field], message: timeFlaw(value as Json) });
}

/** A Segment message: what the activity topic takes as it is, and what it takes inside a CloudEvent. */
export const activitySchema = z
  .discriminatedUnion('type', [track, identify, page, screen, group, alias], {
    error: `expected a Segment message: a JSON object whose type is one of ${ACTIVITY_TYPES.join(', ')}`,
  })
  .refine(namesCustomer, { error: 'names no customer: send a userId or an anonymousId' })
  .superRefine(refuseUnreadableTime)
  .meta({
    id: 'Activity',
    description: 'One activity of a customer, as a Segment message.',
    anyOf: [{ required: ['userId'] }, { required: ['anonymousId'] }],
  });
export type SegmentMessage = z.input<typeof activitySchema>;

const batchError = { error: `expected a list of 1 to ${MAX_BATCH} messages` };

/** Several messages in one HTTP request; the collector takes them apart, the topic does not take them. */
export const batchSchema = z
  .looseObject(
    {
      type: z.literal('batch', { error: 'expected "batch", or nothing' }).optional(),
      batch: z.array(activitySchema, batchError).min(1, batchError).max(MAX_BATCH, batchError),
      sentAt: time.describe('When the client sent the batch.'),
    },
    { error: 'expected {"batch": [messages]}' },
  )
  .describe('Activities sent together.');
export type SegmentBatch = z.input<typeof batchSchema>;

const sourceError = { error: 'expected a URI that names the producer' };

/** A CloudEvent in structured mode. Data of type perennial.activity.v1 are a Segment message, all else is taken as it is. */
export const cloudEventSchema = z
  .looseObject(
    {
      specversion: z.literal('1.0', { error: 'expected "1.0"' }),
      id: name,
      source: z.string(sourceError).min(1, sourceError),
      type: name.describe('perennial.activity.v1, or a type of your own: then a track of this name.'),
      subject: optionalId.describe('The customer, where the data do not say.'),
      time: time.describe('When it happened: RFC 3339 with a zone.'),
      data: z.unknown().refine(isShallowJson, tooDeep).optional(),
      data_base64: z
        .null({ error: 'not taken: send the data as JSON in "data"' })
        .optional()
        .describe('Not taken: send data as JSON.'),
    },
    { error: 'expected a CloudEvent, which is a JSON object' },
  )
  .superRefine((event, context) => {
    refuseTime('time', event.time, context);
    const flaw = attributeFlaw(event as JsonObject);
    if (flaw !== null) context.addIssue({ code: 'custom', path: [flaw.name], message: flaw.message });
  })
  .describe('An event as a CloudEvent 1.0 in JSON.');
export type CloudEvent = z.input<typeof cloudEventSchema>;
