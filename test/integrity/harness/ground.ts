/** An installation for one case: topics and schema are there, nothing runs. */
import type { OutRecord } from '@perennial/contracts';
import { TOPIC } from '@perennial/contracts';
import { migrate } from '@perennial/store';
import { topicSpecs } from '@perennial/stream';
import type { FreshDatabase } from '@perennial/testing';
import { Installation } from '../../e2e/installation';
import { waitFor } from '../../e2e/wait-for';
import { EngineProcess, type Halt } from './engine-process';
import { LIVE, PARTITIONS } from './filling';
import { queryAll } from './stored';

/** Several requests of a blob, so that there is a middle. */
const LIMITS = { publishRecords: 20 };

/** Servers of the case's own; default: those of the test run. */
export interface Servers {
  readonly brokers?: string;
  readonly database?: FreshDatabase;
  /** Beside the first; the case divides the partitions. */
  readonly others?: readonly FreshDatabase[];
}

let grounds = 0;
const WAITING = `
SELECT (SELECT count(*)::int FROM deadline
        WHERE tenant = '${LIVE}' AND due < extract(epoch FROM now()) * 1000 + 60000) AS due,
       (SELECT count(*)::int FROM outbox) + (SELECT count(*)::int FROM state_log) AS unfinished`;

export async function openGround(name: string, servers: Servers = {}): Promise<Installation> {
  const installation = await Installation.create(
    `${name}-${++grounds}`,
    servers.brokers,
    servers.database,
    servers.others,
  );
  const log = installation.log();
  await log.admin().createTopics(topicSpecs('', PARTITIONS, 1));
  for (const { url } of installation.databases) await migrate(url);
  await log.close();
  return installation;
}

/** Appends to the activity topic; resolves when all is acknowledged. */
export async function append(installation: Installation, records: readonly OutRecord[]): Promise<void> {
  const log = installation.log();
  const producer = log.producer();
  await producer.connect();
  await producer.send(records);
  await log.close();
}

/** Partition → the first offset that is not committed. */
export async function progress({ databases }: Pick<Installation, 'databases'>): Promise<ReadonlyMap<number, number>> {
  const text = 'SELECT partition, next_offset::int AS next FROM partition_progress';
  const rows = await queryAll<{ partition: number; next: number }>(databases, text);
  return new Map(rows.map(({ partition, next }) => [partition, next]));
}

/**
 * Resolves when the engine has committed the log to its end and come to rest, and nothing of the live tenant falls due
 * soon. An engine that is stopped before leaves what it has not published to the next one, which these tests do not start.
 */
export async function settled(installation: Installation, patience?: number): Promise<void> {
  const log = installation.log();
  let last = '';
  const isSettled = async () => {
    const waiting = await queryAll<{ due: number; unfinished: number }>(installation.databases, WAITING);
    const [next, ends] = [await progress(installation), await installation.ends(TOPIC.activity, log)];
    last = JSON.stringify({ next: [...next], ends: [...ends], waiting });
    const atRest = waiting.every(({ due, unfinished }) => due === 0 && unfinished === 0);
    return atRest && [...ends].every(([partition, end]) => (next.get(partition) ?? 0) >= end) ? true : null;
  };
  // The database may be away meanwhile.
  const answer = () => isSettled().catch((error: unknown) => ((last = String(error)), null));
  await waitFor('the engine to read the log to its end', answer, patience).catch((error: unknown) => {
    throw new Error(`not settled: ${last}`, { cause: error });
  });
  await log.close();
}

/** Runs programs one after the other, each to its kill, and at last one without a halt to the end of the log. */
export async function survive(installation: Installation, halts: readonly Halt[]): Promise<void> {
  for (const halt of halts) {
    const engine = new EngineProcess(installation, { limits: LIMITS, halt });
    const how = await engine.ended;
    if (how !== 'SIGKILL')
      throw new Error(`the engine was not killed, but ended by ${how}: ${engine.log.slice(-2_000)}`);
  }
  const engine = new EngineProcess(installation, { limits: LIMITS });
  await settled(installation);
  await engine.stop();
}
