/**
 * `perennial replay` of the retail template over generated orders: the built program, once with one worker pinned to one
 * processor, and once with all.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { environmentWith } from '@perennial/config';
import { repository } from '@perennial/dev-stack';
import { atLeast, figure, type PartResult } from '../report/figure';
import { Program } from '../run/program';
import type { Bench } from './part';

const FULL = { orders: 3_000_000, customers: 300_000 };
const QUICK = { orders: 100_000, customers: 10_000 };
const GOAL = 300_000;

/** What `replay --json` says; the fields that are read here. */
interface Said {
  readonly activities: number;
  readonly activitiesPerSecond: number;
}

export async function replay({ options, servers, say }: Bench): Promise<PartResult> {
  const sizes = options.quick ? QUICK : FULL;
  const file = join(servers.folder, 'orders.csv');
  say(`generate ${sizes.orders} orders`);
  await generate(file, sizes);
  const pinned = spawnSync('taskset', ['--version']).error === undefined;
  const rates = { one: [] as number[], all: [] as number[] };
  const wrong: string[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const one = await replayOnce(file, { workers: '1', pinned }, servers.onSpawn);
    const all = await replayOnce(file, { workers: 'all', pinned: false }, servers.onSpawn);
    rates.one.push(one.activitiesPerSecond);
    rates.all.push(all.activitiesPerSecond);
    if (one.activities !== sizes.orders) wrong.push(`${one.activities} of ${sizes.orders} activities were taken`);
    if (resultOf(one) !== resultOf(all)) wrong.push('all workers say something else than one');
    say(`round ${round + 1}: ${one.activitiesPerSecond} activities/s, with all workers ${all.activitiesPerSecond}`);
  }
  return {
    part: 'replay',
    figures: [
      figure('retail template, parsing included', '1/s', rates.one, atLeast(GOAL)),
      figure('retail template, parsing included, --workers all', '1/s', rates.all),
    ],
    notes: [
      `all workers: ${availableParallelism()}`,
      `${sizes.orders} orders of ${sizes.customers} customers from a CSV file; the rate is the program's own, from reading the definition to the report`,
      pinned
        ? 'one worker is pinned to one processor with taskset'
        : 'not pinned: there is no taskset, and DuckDB reads with all processors',
    ],
    wrong,
  };
}

const resultOf = (said: Said): string => JSON.stringify({ ...said, activitiesPerSecond: null });

async function replayOnce(
  file: string,
  { workers, pinned }: { readonly workers: string; readonly pinned: boolean },
  onSpawn: Bench['servers']['onSpawn'],
): Promise<Said> {
  const perennial = [process.execPath, join(repository, 'apps/cli/bin/perennial.js')];
  const [command = '', ...args] = pinned ? ['taskset', '--cpu-list', '0', ...perennial] : perennial;
  const asked = ['replay', '--definition', 'retail', '--input', file, '--json', '--workers', workers];
  const program = new Program({
    name: 'replay',
    command,
    args: [...args, ...asked],
    environment: environmentWith({}),
    onSpawn,
  });
  await program.finished();
  return JSON.parse(program.out) as Said;
}

/** The same file for the same sizes: everything follows from the number of the order. */
async function generate(file: string, { orders, customers }: typeof FULL): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`
COPY (
  SELECT 'c' || hash(i) % ${customers} AS "customerId",
         strftime(TIMESTAMP '2025-01-01' + to_milliseconds(CAST(i AS BIGINT) * ${Math.floor((540 * 86_400_000) / orders)}),
                  '%Y-%m-%dT%H:%M:%S.%gZ') AS timestamp,
         'Order Completed' AS event,
         '{"total":' || (500 + hash(i + 7) % 20000) / 100 || ',"currency":"GBP"}' AS properties
  FROM range(${orders}) AS numbers(i)
) TO '${file}' (HEADER)`);
  connection.closeSync();
  instance.closeSync();
}
