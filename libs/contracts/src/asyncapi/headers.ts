import type { JsonObject } from '@perennial/values';
import { CLOCK_TYPE } from '../control/clock';
import { DEAD_LETTER_CAUSES } from '../dead-letter/poison';
import { DEAD_LETTER_HEADER } from '../dead-letter/dead-letter-record';
import { FORWARD_HEADER } from '../activity/forwarding';
import { NUMBER_HEADER, PROCESSORS, SIGNATURE_HEADER } from '../control/signature';

const text = (description: string): JsonObject => ({ type: 'string', description });
const number = (description: string): JsonObject => ({ type: 'string', pattern: '^\\d+$', description });
const headers = (properties: JsonObject, required: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
});

const FORWARDED = {
  [FORWARD_HEADER.from]: { ...text('`partition:offset` where it stood, when it was sent on.'), pattern: '^\\d+:\\d+$' },
  [FORWARD_HEADER.id]: text('Its id when it was sent on and the producer gave none.'),
  [FORWARD_HEADER.appendedAt]: { ...text('When it was appended first, when it was sent on.'), format: 'date-time' },
};

/** Of an activity as a bare Segment message: none is needed. */
export const activityHeaders = headers(FORWARDED, []);

/** Of an activity as a CloudEvent in binary mode. */
export const cloudEventHeaders = headers(
  {
    ce_specversion: { const: '1.0' },
    ce_id: text("The producer's id of the event: a repeat with the same id has no second effect."),
    ce_type: text('perennial.activity.v1, or a type of your own: then a track of this name.'),
    ce_source: text('Who sends it.'),
    ce_subject: text('The customer, where the data do not say.'),
    ce_time: { ...text('When it happened.'), format: 'date-time' },
    'content-type': { const: 'application/json' },
    ...FORWARDED,
  },
  ['ce_specversion', 'ce_id', 'ce_type', 'ce_source'],
);

const clockNumber: JsonObject = {
  ...text(
    '`processor:epoch:counter`: rises with each clock record of a processor; older and repeated ones have no effect.',
  ),
  pattern: `^(${PROCESSORS.join('|')}):\\d{1,16}:\\d{1,16}$`,
};
const commandNumber: JsonObject = {
  ...text('Drawn from the database for each command; the same in all partitions. A partition obeys each number once.'),
  pattern: '^\\d{1,16}$',
};

/** Of clock records and commands. */
export const signedHeaders = (type: string): JsonObject =>
  headers(
    {
      ce_type: { const: type },
      [NUMBER_HEADER]: type === CLOCK_TYPE ? clockNumber : commandNumber,
      [SIGNATURE_HEADER]: {
        ...text("HMAC-SHA256 with the installation's key over topic, type, partition, number and value, in hex."),
        pattern: '^[0-9a-f]{64}$',
      },
    },
    ['ce_type', NUMBER_HEADER, SIGNATURE_HEADER],
  );

/** Of facts. */
export const factHeaders = (type: string): JsonObject =>
  headers(
    {
      ce_specversion: { const: '1.0' },
      ce_id: {
        ...text('`topic:partition:offset:index` of the causing input: the same for ever, and for every repeat.'),
        pattern: '^[^:]+:\\d+:\\d+:\\d+$',
      },
      ce_type: { const: type },
      ce_source: text('Who states it.'),
      ce_subject: text('The customer.'),
      ce_time: { ...text("The broker's append time of the causing input."), format: 'date-time' },
      'content-type': { const: 'application/json' },
    },
    ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time', 'content-type'],
  );

/** Beside the headers as received; one of them whose name is taken keeps its value under `original-<name>`. */
export const deadLetterHeaders = headers(
  {
    [DEAD_LETTER_HEADER.cause]: { type: 'string', enum: DEAD_LETTER_CAUSES },
    [DEAD_LETTER_HEADER.detail]: text('What, where, and the remedy, in one sentence.'),
    [DEAD_LETTER_HEADER.topic]: text('Topic it was read from.'),
    [DEAD_LETTER_HEADER.partition]: number('Partition it was read from.'),
    [DEAD_LETTER_HEADER.offset]: number('Offset it was read at.'),
    [DEAD_LETTER_HEADER.timestamp]: number("The broker's append time, in milliseconds since 1970."),
    [DEAD_LETTER_HEADER.cut]: text('Only where the record did not fit: how large it was.'),
  },
  Object.values(DEAD_LETTER_HEADER).filter((name) => name !== DEAD_LETTER_HEADER.cut),
);
