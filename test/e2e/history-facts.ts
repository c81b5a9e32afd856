/** The facts of a past, as the engine publishes them and as a replay writes them: both without what differs from run to run. */
import { TOPIC } from '@perennial/contracts';
import { parseKey } from '@perennial/values';
import { readFileSync } from 'node:fs';
import { type Installation, withoutRepeats } from './installation';

/** By topic and customer, in order. */
export type FactsOfCustomers = Readonly<Record<string, readonly object[]>>;

interface Fact {
  readonly customer: string;
  readonly mode: 'live' | 'history';
  /** Of moves. */
  readonly cause?: { readonly activityId: string | null };
  /** Of signals. */
  readonly activityId?: string | null;
}

const TOPICS: readonly string[] = [TOPIC.stageChanged, TOPIC.signal];
/** When and where a fact was decided. */
const OF_THE_RUN = { decidedAt: '', stateVersion: '' };
/** `NAME:ROW`: an import gives it to a row without an id; a replay does not, and names none. */
const GIVEN_ID = /:\d+$/;

/** What a tenant's import led to; live facts are left out. */
export async function publishedFacts(installation: Installation, tenant: string): Promise<FactsOfCustomers> {
  const facts = [];
  for (const topic of TOPICS)
    for (const { key, value } of withoutRepeats(await installation.records(topic)))
      if (parseKey(Buffer.from(key ?? []).toString())?.tenant === tenant)
        facts.push({ topic, value: JSON.parse(Buffer.from(value ?? []).toString()) as Fact });
  return byContent(facts);
}

/** What `perennial replay --facts FILE` wrote. */
export function replayedFacts(file: string): FactsOfCustomers {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return byContent(lines.map((line) => JSON.parse(line) as { topic: string; value: Fact }));
}

function byContent(facts: readonly { readonly topic: string; readonly value: Fact }[]): FactsOfCustomers {
  const all: Record<string, object[]> = {};
  for (const { topic, value } of facts) {
    if (value.mode !== 'history' || !TOPICS.includes(topic)) continue;
    const cause = { ...value.cause, activityId: ownId(value.cause?.activityId) };
    const fact = { ...value, ...OF_THE_RUN, activityId: ownId(value.activityId), cause };
    (all[`${topic} ${value.customer}`] ??= []).push(fact);
  }
  return all;
}

const ownId = (id: string | null | undefined): string | null => (id == null || GIVEN_ID.test(id) ? null : id);
