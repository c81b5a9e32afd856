/**
 * Three ways to keep changed states in PostgreSQL: the figures of the decision in ADR 0017. No engine, no broker.
 *
 * 1. Every run has a database of the product's schema in which all customers have a row; rows are as large as the engine's.
 * 2. The layouts take turns, in another order each round, and get the same micro-batches; partitions write at the same time.
 * 3. A run ends when all rows are up to date, so that the log pays for its checkpoints.
 * 4. Each customer must have its newest version in the end; else the layout is wrong.
 */
import { migrate } from '@perennial/store';
import { openProgress } from '@perennial/command-line';
import { copy } from '../layouts/copy';
import type { Layout, LayoutWriter } from '../layouts/layout';
import { log } from '../layouts/log';
import { rows } from '../layouts/rows';
import type { MicroBatches } from '../load/micro-batches';
import { DISTRIBUTIONS } from '../load/population';
import type { Figure, PartResult } from '../report/figure';
import { createDatabase } from '../run/database';
import type { Servers } from '../run/servers';
import { fillStates, rowsWritten, STATE_BYTES, versionsIn } from '../run/state-table';
import { cpuSecondsOfGroup } from '../run/usage';
import { walBytes } from '../run/wal';
import { Changes } from '../load/changes';
import { type Cost, layoutFigures, type Written } from './layout-figures';
import type { Bench } from './part';

const LAYOUTS: readonly Layout[] = [rows, copy, log];
const CHANGED = [1_000, 5_000] as const;
const FULL = { customers: 250_000, states: 1_000_000 };
const QUICK = { customers: 50_000, states: 80_000 };
const SEED = 20_260_101;

export async function layout(bench: Bench): Promise<PartResult> {
  const { customers, states } = bench.options.quick ? QUICK : FULL;
  const figures: Figure[] = [];
  const wrong: string[] = [];
  for (const distribution of DISTRIBUTIONS)
    for (const changed of CHANGED) {
      const settings = { distribution, customers, partitions: bench.options.partitions, changed, seed: SEED };
      const written = await playRounds(bench, settings, states, wrong);
      figures.push(...layoutFigures(`${distribution}, ${changed}`, LAYOUTS, written));
    }
  return {
    part: 'layout',
    figures,
    notes: [
      `${customers} customers who all have a row, ${bench.options.partitions} partitions that write at the same time, micro-batches of ${CHANGED.join(' and ')} changed customers, packed states of ${STATE_BYTES} bytes, ${states} states for each run`,
      'rows: upsert by unnest; copy: binary COPY into a temporary table, merged from there; log: one row for each micro-batch, rows by checkpoint, as the product has it',
      'all counts until all rows are up to date; durable: until the last micro-batch is committed',
      'rows written: into customer_state and state_log, those of the temporary table left out; deleted rows of the log are none',
    ],
    wrong,
  };
}

async function playRounds(bench: Bench, settings: MicroBatches, states: number, wrong: string[]): Promise<Written[]> {
  const changes = new Changes(settings, states);
  const written: Written[] = [];
  for (let round = 0; round < bench.options.rounds; round++)
    for (let turn = 0; turn < LAYOUTS.length; turn++) {
      const one = LAYOUTS[(round + turn) % LAYOUTS.length];
      if (one === undefined) continue;
      const run = await play(bench, one, settings, changes);
      written.push(run);
      if (run.versions !== changes.versions) wrong.push(`${one.name}: rows are not those that were written last`);
      bench.say(
        `${settings.distribution}, ${settings.changed}, ${one.name}: ${Math.round(run.states / run.seconds)}/s`,
      );
    }
  return written;
}

async function play(bench: Bench, one: Layout, settings: MicroBatches, changes: Changes): Promise<Written> {
  const { customers, partitions, distribution, changed } = settings;
  const { url, drop } = await createDatabase(bench.servers.databaseUrl);
  const title = `${distribution}, ${changed}, ${one.name}`;
  const progress = openProgress({ title, unit: 'states', total: changes.states });
  try {
    await migrate(url);
    await fillStates(url, customers, partitions);
    const before = await rowsWritten(url);
    const writer = await one.open(url, partitions);
    // Sessions tell what they have written when they end.
    const cost = await writeAll(bench.servers, url, writer, changes, progress.update).finally(() => writer.close());
    const rowsOfRun = (await rowsWritten(url)) - before;
    return { layout: one.name, states: changes.states, ...cost, rows: rowsOfRun, versions: await versionsIn(url) };
  } finally {
    progress.stop();
    await drop();
  }
}

async function writeAll(
  servers: Servers,
  url: string,
  writer: LayoutWriter,
  changes: Changes,
  progress: (done: number) => void,
): Promise<Cost> {
  const before = { wal: await walBytes(url), database: databaseCpu(servers), client: process.cpuUsage() };
  const begun = performance.now();
  await changes.writeTo(writer, progress);
  const durableAt = performance.now();
  await writer.settle();
  const settledAt = performance.now();
  const { user, system } = process.cpuUsage(before.client);
  return {
    seconds: (settledAt - begun) / 1000,
    durableSeconds: (durableAt - begun) / 1000,
    databaseCpuSeconds: databaseCpu(servers) - before.database,
    clientCpuSeconds: (user + system) / 1e6,
    walBytes: (await walBytes(url)) - before.wal,
  };
}

function databaseCpu({ pids: { postgres } }: Servers): number {
  return postgres === undefined ? Number.NaN : (cpuSecondsOfGroup(postgres) ?? Number.NaN);
}
