/** The main job: real orders in through the log, stages out; then the tenant lives on, on the clock of its history. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DEFAULT_TENANT } from '@perennial/contracts';
import type { Turn } from '@perennial/store';
import type { LogProducer } from '@perennial/stream';
import type { Connection } from '../connection';
import { importHistory } from '../import/import-history';
import { openProducer } from '../open-producer';
import { openProgress } from '../progress';
import { repository } from '../repository';
import { drained } from './drained';
import { type MainJobSummary, summaryOf } from './summary';
import { readClock, setOff, type TenantClock, timeNow } from './tenant-clock';

const SAMPLE = join(repository, 'deploy/sample/online-retail/orders.sql');
const DEFINITION = join(repository, 'libs/definition/templates/retail.yaml');
const IMPORT = 'online-retail';
const INTERVAL_MS = 500;

/** Imports what is not imported yet, and reads the totals once everything in the log is processed. */
export async function runMainJob(
  connection: Connection,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<MainJobSummary> {
  const turn = await turnAtImport(connection, say, signal);
  try {
    const rate = await importSample(connection, signal);
    await drained(connection, signal);
    const definition = readFileSync(DEFINITION, 'utf8');
    return summaryOf(await connection.reports.summary(DEFAULT_TENANT), await stagesOf(definition), rate);
  } finally {
    await turn.end();
  }
}

/** Waits while another process imports: two at once would send everything twice. */
async function turnAtImport(connection: Connection, say: (line: string) => void, signal: AbortSignal): Promise<Turn> {
  for (let waits = false; ; waits = true) {
    const turn = await connection.takeTurn(`import ${IMPORT}`);
    if (turn !== null) return turn;
    if (!waits) say('Another process imports the sample. Waiting for it.');
    await wait(INTERVAL_MS, undefined, { signal });
  }
}

/** Activities per second; null when nothing was left to send. */
async function importSample(connection: Connection, signal: AbortSignal): Promise<number | null> {
  const { openHistory } = await import('@perennial/history');
  const history = await openHistory({ input: SAMPLE });
  const from = (await connection.imports.progress(IMPORT))?.acknowledged ?? 0;
  const progress = openProgress({ title: 'orders', unit: 'activities', total: history.total, from });
  const job = { name: IMPORT, tenant: DEFAULT_TENANT, history, definition: readFileSync(DEFINITION, 'utf8') };
  const wholeTopic = (): Promise<void> => drained(connection, signal);
  let producer: LogProducer | null = null;
  try {
    producer = await openProducer(connection.log);
    const started = performance.now();
    const { sent } = await importHistory(
      { ...job, partitions: connection.partitions },
      { ...connection, producer, now: Date.now, drained: wholeTopic, onProgress: progress.update, signal },
    );
    return sent === 0 ? null : Math.round((sent / (performance.now() - started)) * 1000);
  } finally {
    progress.stop();
    await producer?.close();
    await history.close();
  }
}

/** To be called before an engine runs: a clock that was left running would jump over the time in which nothing ran. */
export async function holdClock(connection: Connection): Promise<void> {
  await connection.migrate();
  const clock = await readClock(connection, DEFAULT_TENANT);
  if (clock !== null && runs(clock)) await setOff(connection, DEFAULT_TENANT, clock.reached, 0, Date.now());
}

/** To be called while the engine still runs, before it ends: the clock stands where it is now. */
export async function stopClock(connection: Connection): Promise<void> {
  const clock = await readClock(connection, DEFAULT_TENANT);
  const now = Date.now();
  if (clock !== null && runs(clock)) await setOff(connection, DEFAULT_TENANT, await timeNow(clock, now), 0, now);
}

/** Lets the sample's time run on, from the end of history or from where it was held. */
export async function goLive(connection: Connection, signal: AbortSignal): Promise<void> {
  const clock = await readClock(connection, DEFAULT_TENANT);
  if (clock === null || runs(clock)) return;
  await setOff(connection, DEFAULT_TENANT, clock.reached, 1, Date.now());
  await drained(connection, signal);
}

const runs = ({ source }: TenantClock): boolean => source.kind === 'offset' && source.speed > 0;

async function stagesOf(definition: string): Promise<string[]> {
  const { compile } = await import('@perennial/definition');
  const compiled = compile(definition);
  return compiled.ok ? Object.keys(compiled.definition.regions[0].machine.states) : [];
}
