/**
 * From sending an activity to reading the move it causes, as a subscriber sees it.
 *
 * 1. One driver sends, one reader (read_committed) receives, on one clock; the same for both engines, one after the other.
 * 2. Open loop: what is due is sent whatever comes back, so a stalled engine cannot slow the clock it is measured by.
 * 3. Every order that moves its customer must come back, once.
 */
import { TOPIC } from '@perennial/contracts';
import { TENANT } from '../load/activity';
import { echoedMove, ourMove, peerMove, type ReadMove } from '../oracle/read-moves';
import { atMost, type Figure, figure, type PartResult } from '../report/figure';
import { LiveGround } from '../run/live-ground';
import { MoveReader } from '../run/move-reader';
import { type Latencies, OrderStream } from '../run/order-stream';
import { startPeer } from '../run/peer';
import { Site } from '../run/site';
import { until } from '../run/until';
import type { Bench } from './part';

const PEER_OUT = 'peer.moves';
const FULL = { rates: [1_000, 10_000], warmUp: 5, seconds: 20 };
const QUICK = { rates: [500, 2_000], warmUp: 2, seconds: 5 };

/** Of one engine at one rate. */
interface Measured {
  readonly rate: number;
  readonly sent: Latencies;
  readonly scheduled: Latencies;
  readonly wrong: readonly string[];
}

export async function latency(bench: Bench): Promise<PartResult> {
  const alone = await driveAlone(bench);
  const ours = await driveOurs(bench);
  const peers = await drivePeer(bench);
  const { rates } = bench.options.quick ? QUICK : FULL;
  const figures = rates.flatMap((rate) => {
    const [log, our, peer] = [alone, ours, peers].map((all) => all.find((measured) => measured.rate === rate));
    return [
      ...figuresOf('log alone', log),
      ...figuresOf('ours', our),
      ...figuresOf('peer', peer),
      ...comparison(rate, our, peer),
    ];
  });
  const { warmUp, seconds } = bench.options.quick ? QUICK : FULL;
  const notes = [
    `new customers order three times each, the first and the third order move them; ${warmUp} s of warm-up, then ${seconds} s`,
    'log alone: driver and reader without an engine between them, which is part of all other figures',
    'from just before the record is handed to the producer (schedule: from when it was due) until the reader has the move',
    ...(bench.peer.kind === 'missing' ? [`without the peer: ${bench.peer.reason}`] : []),
  ];
  const wrong = [...ours.map((one) => ['ours', one] as const), ...peers.map((one) => ['peer', one] as const)];
  return {
    part: 'latency',
    figures,
    notes,
    wrong: wrong.flatMap(([who, one]) => one.wrong.map((line) => `${who}: ${line}`)),
  };
}

/** The same driver and reader without an engine between: the orders themselves are read back. */
async function driveAlone(bench: Bench): Promise<Measured[]> {
  const site = await freshSite(bench, 'alone');
  try {
    return await drive(bench, site, TOPIC.activity, echoedMove);
  } finally {
    await site.remove();
  }
}

async function driveOurs(bench: Bench): Promise<Measured[]> {
  const ground = await LiveGround.open(bench.servers, 'latency-ours', bench.options.partitions);
  try {
    return await drive(bench, ground.site, TOPIC.stageChanged, ourMove(TENANT));
  } finally {
    await ground.remove();
  }
}

async function drivePeer(bench: Bench): Promise<Measured[]> {
  const { peer, servers } = bench;
  if (peer.kind === 'missing') return [];
  const site = await freshSite(bench, 'peer');
  const [input, output] = [`${site.prefix}${TOPIC.activity}`, `${site.prefix}${PEER_OUT}`];
  const args = ['run', '--in', input, '--out', output, '--reset', 'true'];
  const program = startPeer(peer.jar, servers, site.brokers, args);
  try {
    const ready = until(
      'the peer to run',
      () => program.said.includes('running'),
      () => program.said,
      60_000,
    );
    await Promise.race([ready, program.failure()]);
    return await drive(bench, site, PEER_OUT, peerMove);
  } finally {
    await program.stop();
    await site.remove();
  }
}

async function freshSite({ servers, options }: Bench, name: string): Promise<Site> {
  const site = new Site(servers.brokers, `bench-${process.pid}-latency-${name}.`, options.partitions);
  await site.open();
  await site.createTopics();
  return site;
}

/** All rates, one after the other, on an engine that runs. */
async function drive({ options, say }: Bench, site: Site, topic: string, read: ReadMove): Promise<Measured[]> {
  const { rates, warmUp, seconds } = options.quick ? QUICK : FULL;
  const producer = site.log.producer();
  await producer.connect();
  const measured: Measured[] = [];
  for (const rate of rates) {
    const orders = new OrderStream(producer, rate, warmUp + seconds);
    const reader = await MoveReader.open(site, topic, read, (arrival) => orders.take(arrival));
    try {
      await orders.run();
      await orders.complete();
    } finally {
      await reader.close();
    }
    const warm = orders.after(warmUp);
    const [sent, scheduled] = [orders.latencies('send', warm), orders.latencies('schedule', warm)];
    measured.push({ rate, sent, scheduled, wrong: orders.wrong });
    say(`${site.prefix} ${rate}/s: p50 ${sent.p50.toFixed(1)} ms, p99 ${sent.p99.toFixed(1)} ms`);
  }
  await producer.close();
  return measured;
}

const GOALS: Readonly<Record<string, number>> = { '1000 p50': 15, '10000 p99': 150 };

function figuresOf(who: string, measured: Measured | undefined): Figure[] {
  if (measured === undefined) return [];
  const { rate, sent, scheduled } = measured;
  const named = (name: keyof Latencies, from: string, value: number): Figure => {
    const limit = who === 'ours' && from === 'send' ? GOALS[`${rate} ${name}`] : undefined;
    const goal = limit === undefined ? undefined : atMost(limit);
    return figure(`${rate}/s: ${who}, ${name} from ${from}`, 'ms', [value], goal);
  };
  return [
    ...(['p50', 'p95', 'p99', 'most'] as const).map((name) => named(name, 'send', sent[name])),
    named('p99', 'schedule', scheduled.p99),
  ];
}

function comparison(rate: number, ours: Measured | undefined, peer: Measured | undefined): Figure[] {
  if (ours === undefined || peer === undefined) return [];
  const goal = rate === FULL.rates.at(-1) ? atMost(1) : undefined;
  return [figure(`${rate}/s: ours / peer, p99 from send`, '×', [ours.sent.p99 / peer.sent.p99], goal)];
}
