import { type StageChanged, TOPIC } from '@perennial/contracts';
import { lifecyclesByHand, summaryByHand } from '../oracle/retail-by-hand';
import { sameFacts, type Sameness } from '../oracle/same-facts';
import { type Installation, withoutRepeats } from './installation';

const { facts: expected, standings } = lifecyclesByHand();
const { stages, moves } = summaryByHand(expected);

/** A part of what `start --json` says once all is done, by hand. */
export const totalsByHand = { activities: 22_094, customers: 4_372, stages, moves, deadLetters: 0 };
/** How many stage changes there are, by hand. */
export const stageChangesByHand = expected.length;
/** How many values of `state.v1`, by hand. */
export const standingsByHand = standings.length;

/** The last line of `start --json`. */
export function summaryIn(out: string): Record<string, unknown> {
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

export async function stageChanges(installation: Installation): Promise<StageChanged[]> {
  const records = withoutRepeats(await installation.records(TOPIC.stageChanged));
  return records.map(({ value }) => JSON.parse(Buffer.from(value ?? []).toString()) as StageChanged);
}

/** Whether the installation states the moves of the rules by hand, and no other. */
export async function asByHand(installation: Installation): Promise<Sameness> {
  return sameFacts(await stageChanges(installation), expected);
}
