import { type Position, TOPIC } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import type { DeadLetterId } from '@perennial/store';

/** `topic:partition:offset` of the record that became a dead letter. */
export function identityOf({ topic, partition, offset }: Position): string {
  return `${topic}:${partition}:${offset}`;
}

/** Reads what {@link identityOf} wrote; the topic may be left out. */
export function parseIdentity(text: string): DeadLetterId {
  const match = /^(?:(?<topic>[^:]+):)?(?<partition>\d{1,6}):(?<offset>\d{1,16})$/.exec(text);
  const { topic = TOPIC.activity, partition, offset } = match?.groups ?? {};
  if (topic === TOPIC.activity && partition !== undefined && offset !== undefined)
    return { partition: Number(partition), offset: Number(offset) };
  throw new InvalidInput(
    'CLI.NO_DEAD_LETTER_ID',
    `${text} is no dead letter's id; \`perennial dead-letter list\` shows them, such as ${TOPIC.activity}:0:512.`,
  );
}
