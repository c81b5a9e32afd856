/** The facts of a past, by what they say: what `replay` and `import` have to agree on. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKey, TOPIC } from '@perennial/contracts';
import { type Installation, withoutRepeats } from './installation';

/** What a replay and an import read. */
export interface Past {
  /** `--input`, and `--map` and `--zone` where it needs them. */
  readonly input: readonly string[];
  /** `--definition`. */
  readonly definition: string;
  /** Time of the newest row. A tenant that runs on states facts of later instants, which no replay knows. */
  readonly newest: number;
  /** Whether its rows have ids: an import gives an id to a row without one, a replay does not. */
  readonly hasIds: boolean;
}

/** By topic and customer, in order, without what differs from run to run. */
export type FactsByCustomer = Readonly<Record<string, readonly object[]>>;

interface Stated {
  readonly topic: string;
  readonly value: FactValue;
}
interface FactValue {
  readonly customer: string;
  readonly occurredAt: string;
  readonly cause: object;
}

const COMPARED: readonly string[] = [TOPIC.stageChanged, TOPIC.signal];
const OF_THE_RUN = { decidedAt: '', stateVersion: '' };
const WITHOUT_ID = { activityId: null };

/** Of what the engine has published for a tenant. */
export async function factsOfTenant(installation: Installation, tenant: string, past: Past): Promise<FactsByCustomer> {
  const stated: Stated[] = [];
  for (const topic of COMPARED)
    for (const { key, value } of withoutRepeats(await installation.records(topic)))
      if (parseKey(textOf(key))?.tenant === tenant)
        stated.push({ topic, value: JSON.parse(textOf(value)) as FactValue });
  return byCustomer(stated, past);
}

/** Throws with what the command said when it fails. */
export async function factsOfReplay(installation: Installation, past: Past): Promise<FactsByCustomer> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-facts-'));
  try {
    const file = join(folder, 'facts');
    const asked = ['replay', ...past.input, '--definition', past.definition, '--facts', file];
    const { code, err } = await installation.run(asked);
    if (code !== 0) throw new Error(err);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const stated = lines.map((line) => JSON.parse(line) as Stated);
    return byCustomer(
      stated.filter(({ topic }) => COMPARED.includes(topic)),
      past,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function byCustomer(stated: readonly Stated[], { newest, hasIds }: Past): FactsByCustomer {
  const all: Record<string, object[]> = {};
  for (const { topic, value } of stated) {
    if (Date.parse(value.occurredAt) > newest) continue;
    const fact = hasIds ? value : { ...value, ...WITHOUT_ID, cause: { ...value.cause, ...WITHOUT_ID } };
    (all[`${topic} ${value.customer}`] ??= []).push({ ...fact, ...OF_THE_RUN });
  }
  return all;
}

const textOf = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString();
