/** The main job: real orders in through the log, stages out; then the tenant lives on, on the clock of its history. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DEFAULT_TENANT, InvalidInput } from '@perennial/values';
import type { Turn } from '@perennial/store';
import { repository } from '@perennial/dev-stack';
import type { Connection } from '../connection';
import { IMPORT_TURN } from '../import/import-history';
import { importInto, type ImportTools } from '../import/import-into';
import { recentIdsOf } from '../import/tenant-before';
import { operator } from '../operator';
import { drained } from './drained';
import { isOfSample, publishSample, SAMPLE_IMPORT, sampleDefinition } from './sample';
import { type MainJobSummary, summaryOf } from './summary';
import { readClock, setOff, type TenantClock, timeNow } from './tenant-clock';

const SAMPLE = join(repository, 'deploy/sample/online-retail/orders.sql');
const INTERVAL_MS = 500;

/** Imports what is not imported yet, and reads the totals once everything in the log is processed. */
export async function runMainJob(
  connection: Connection,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<MainJobSummary> {
  const turn = await turnAtImport(connection, say, signal);
  try {
    const rate = await importSample(connection, { title: 'orders', say, signal });
    await drained(connection, signal, { say });
    return summaryOf(
      await connection.reports.summary(DEFAULT_TENANT),
      await stagesOf(await sampleDefinition(connection)),
      rate,
    );
  } finally {
    await turn.end();
  }
}

/** Waits while another process imports: two at once would send everything twice. */
async function turnAtImport(connection: Connection, say: (line: string) => void, signal: AbortSignal): Promise<Turn> {
  for (let waits = false; ; waits = true) {
    const turn = await connection.takeTurn(IMPORT_TURN);
    if (turn !== null) return turn;
    if (!waits) say('Another process imports. Waiting for it.');
    await wait(INTERVAL_MS, undefined, { signal });
  }
}

/** Activities per second; null when nothing was left to send. */
async function importSample(connection: Connection, tools: ImportTools): Promise<number | null> {
  const { openHistory } = await import('@perennial/history');
  const stored = await connection.imports.find(SAMPLE_IMPORT);
  if (stored?.phase === 'done') return null;
  if (stored === null) await refuseOtherCustomers(connection);
  if (stored === null || stored.phase === 'prepare') await publishSample(connection, tools);
  const history = await openHistory({ input: SAMPLE, signal: tools.signal });
  try {
    const sample = {
      name: SAMPLE_IMPORT,
      tenant: DEFAULT_TENANT,
      input: SAMPLE,
      ending: 'held',
      startedBy: operator(),
    } as const;
    const whole = { ...history, fingerprint: await history.fingerprint() };
    const recentIds = await recentIdsOf(connection, DEFAULT_TENANT);
    return (await importInto(connection, { ...sample, history: whole, recentIds }, tools)).activitiesPerSecond;
  } finally {
    await history.close();
  }
}

async function refuseOtherCustomers({ reports }: Connection): Promise<void> {
  const { customers } = await reports.summary(DEFAULT_TENANT);
  if (customers === 0) return;
  throw new InvalidInput(
    'CLI.NOT_THE_SAMPLE',
    `Tenant ${DEFAULT_TENANT} has ${customers} customers that are not the sample's. Run the sample beside them with PERENNIAL_HOME set to ` +
      'another folder, or `perennial up` to start this stack as it is; `npm start -- --reset` deletes all its data.',
  );
}

/**
 * To be called before an engine runs: a clock that was left running would jump over the time in which nothing ran. Only the
 * sample's clock is held: throws `InvalidInput` where the tenant's customers are others, and leaves their clock as it is.
 */
export async function holdClock(connection: Connection): Promise<void> {
  await connection.migrate();
  if (!(await isOfSample(connection, DEFAULT_TENANT))) {
    await refuseOtherCustomers(connection);
    return;
  }
  const clock = await readClock(connection, DEFAULT_TENANT);
  if (clock !== null && runs(clock)) await setOff(connection, DEFAULT_TENANT, clock.reached, 0, Date.now());
}

/** To be called while the engine still runs, after the job and before the engine ends: the sample's clock stands where it is now. */
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
