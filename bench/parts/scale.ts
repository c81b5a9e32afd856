/**
 * What an activity and a customer cost, and how that changes with the number of customers.
 *
 * 1. Each size has a database and topics of its own, and is worked through in two passes, each by a fresh engine that finds
 *    the log full: a first order of each customer, who is unknown then; a page view of each, whose state is in no cache.
 * 2. Nothing is kept of the customers here: the bench needs the same memory for every size. So there is no oracle; it is
 *    counted that each customer has one row and one deadline. Right answers are what `throughput` checks.
 * 3. Then the engine of the second pass is killed while another stands by (standby.ts).
 */
import { TOPIC } from '@perennial/contracts';
import { benchDefinition, founding } from '../load/commands';
import { sendAll } from '../load/loader';
import { arrivals, returns } from '../load/visits';
import type { PartResult } from '../report/figure';
import { type Drain, drain } from '../run/drain';
import { type EngineRun, Installation } from '../run/engine';
import { Site } from '../run/site';
import { ORDERS_PER_SECOND, takeOverBy } from '../run/standby';
import { topicBytes } from '../run/topic-bytes';
import { ACTIVITIES_A_DAY, extrapolations } from './extrapolation';
import type { Bench } from './part';
import { describeSize, memoryFigures, type Size, sizeFigures } from './sizes';

const DAY = 86_400_000;
const KIB_PER_MIB = 1024;
const FACTS = [TOPIC.stageChanged, TOPIC.signal, TOPIC.state];

export async function scale(bench: Bench): Promise<PartResult> {
  const sizes: Size[] = [];
  const wrong: string[] = [];
  for (const customers of bench.options.sizes) {
    try {
      const size = await measureSize(bench, customers);
      sizes.push(size);
      wrong.push(...miscounts(size));
      bench.say(describeSize(size));
    } catch (error) {
      // The sizes before it stay measured: the largest takes long.
      wrong.push(`${customers} customers: it failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
    }
  }
  return {
    part: 'scale',
    figures: [...sizes.flatMap(sizeFigures), ...memoryFigures(sizes), ...extrapolations(sizes)],
    notes: [
      `${bench.options.partitions} partitions; two activities of 250 bytes for each customer: the first by which it becomes known, and later one that finds its state in no cache`,
      'no oracle: rows and deadlines are counted only; the bench keeps nothing of the customers',
      'rate: from the claim of the first partition to the commit of the last record; processor time: from when the engine is up until all rows show the last record',
      'memory per customer more: what the engine has when it is through with the first activities, less that of the size before; up to a million customers',
      `extrapolated: the largest size times more customers, none of it measured; each does ${ACTIVITIES_A_DAY} things a day and is in no cache then`,
      `take-over: from SIGKILL to the first new move in the last of the partitions, ${ORDERS_PER_SECOND} orders/s of new customers beside`,
    ],
    wrong,
  };
}

async function measureSize(bench: Bench, customers: number): Promise<Size> {
  const { servers, options } = bench;
  const site = new Site(servers.brokers, `bench-${process.pid}-scale-${customers}.`, options.partitions);
  await site.open();
  await site.createTopics();
  const installation = await Installation.create(servers, site);
  const engines: EngineRun[] = [];
  const pass = async (title: string, records: number): Promise<Drain> => {
    const engine = installation.start();
    engines.push(engine);
    return drain(servers, { site, installation, engine }, `${title}, ${customers} customers`, records);
  };
  try {
    const head = founding(site.partitions, benchDefinition(), { kind: 'wall' });
    const now = Date.now();
    await sendAll(site, 'load commands', head.length, head);
    await sendAll(site, 'load first orders', customers, arrivals(customers, now - 2 * DAY));
    const first = await pass('first orders', head.length + customers);
    await engines[0]?.stop();
    await sendAll(site, 'load returns', customers, returns(customers, now - DAY));
    const later = await pass('returns', head.length + 2 * customers);
    const counted = await rowsOf(installation);
    const logBytes = topicBytes(servers, site, [TOPIC.activity]);
    const factBytes = topicBytes(servers, site, FACTS);
    const [, engine] = engines;
    const takeOverSeconds =
      engine === undefined ? Number.NaN : (await takeOverBy({ site, installation, engine })).seconds;
    const benchMib = process.resourceUsage().maxRSS / KIB_PER_MIB;
    return { customers, first, later, ...counted, logBytes, factBytes, takeOverSeconds, benchMib };
  } finally {
    for (const engine of engines) await engine.kill();
    await installation.remove();
    await site.remove();
  }
}

type Rows = Pick<Size, 'states' | 'stateBytes' | 'deadlines' | 'deadlineBytes'>;

function rowsOf(installation: Installation): Promise<Rows> {
  return installation.measure<keyof Rows>(
    'bench-rows',
    `SELECT (SELECT count(*) FROM customer_state) AS states,
            pg_total_relation_size('customer_state') AS "stateBytes",
            (SELECT count(*) FROM deadline) AS deadlines,
            pg_total_relation_size('deadline') AS "deadlineBytes"`,
  );
}

function miscounts({ customers, states, deadlines }: Size): string[] {
  return [
    ...(states === customers ? [] : [`${customers} customers: ${states} rows of states`]),
    ...(deadlines === customers ? [] : [`${customers} customers: ${deadlines} deadlines`]),
  ];
}
