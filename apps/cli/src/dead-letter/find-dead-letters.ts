import { type DeadLetter, type DeadLetterCause, readKey } from '@perennial/contracts';
import { DEFAULT_TENANT, InvalidInput } from '@perennial/values';
import type { DeadLetterId, Resolution } from '@perennial/store';
import type { Connection } from '../connection';
import { readDeadLetters } from './read-dead-letters';

/** A dead letter, and what an operator did with it; null: it waits. */
export interface Found {
  readonly letter: DeadLetter;
  readonly resolution: Resolution | null;
}

/** Which dead letters. */
export interface Choice {
  /** Null: any. */
  readonly ids: readonly DeadLetterId[] | null;
  readonly cause: DeadLetterCause | null;
  readonly tenant: string | null;
  /** Also those that were replayed or dropped. */
  readonly settled: boolean;
  readonly limit: number;
}

/** Those chosen, in pages. Throws `InvalidInput` when one that was asked for by its id is not in the log. */
export async function* findDeadLetters(
  { log, deadLetters }: Pick<Connection, 'log' | 'deadLetters'>,
  choice: Choice,
): AsyncGenerator<readonly Found[]> {
  const missing = choice.ids === null ? null : new Set(choice.ids.map(name));
  let left = choice.limit;
  for await (const page of readDeadLetters(log)) {
    const letters = page.filter((letter) => isChosen(letter, choice, missing));
    if (letters.length === 0) continue;
    const resolutions = await deadLetters.of(letters.map(({ position }) => position));
    const found = letters
      .map((letter) => ({ letter, resolution: resolutions.get(name(letter.position)) ?? null }))
      .filter(({ resolution }) => choice.settled || resolution === null || resolution.state === 'replaying')
      .slice(0, left);
    for (const { position } of letters) missing?.delete(name(position));
    left -= found.length;
    if (found.length > 0) yield found;
    if (left === 0 || missing?.size === 0) return;
  }
  if (missing !== null && missing.size > 0) throw notThere([...missing]);
}

function isChosen(letter: DeadLetter, { cause, tenant }: Choice, ids: ReadonlySet<string> | null): boolean {
  if (ids !== null && !ids.has(name(letter.position))) return false;
  return (cause === null || letter.cause === cause) && (tenant === null || tenantOf(letter) === tenant);
}

/** The key's tenant where it can be read, as the engine counts it. */
export function tenantOf({ key }: Pick<DeadLetter, 'key'>): string {
  const read = readKey(key);
  return read.kind === 'key' ? read.tenant : DEFAULT_TENANT;
}

const name = ({ partition, offset }: DeadLetterId): string => `${partition}:${offset}`;

const notThere = (ids: readonly string[]): InvalidInput =>
  new InvalidInput(
    'CLI.NO_DEAD_LETTER',
    `No dead letter ${ids.join(', ')} is in the log: \`perennial dead-letter list --all\` shows what there is. ` +
      "They go with the topic's retention.",
  );
