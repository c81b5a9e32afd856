/**
 * Drained rate: how fast each engine works through a topic that is full, from its start, everything durable.
 *
 * 1. The engines take turns within a round, on the same topic; the order changes from round to round.
 * 2. Ours starts with an empty database and no output topics each time, the peer with `--reset true`.
 * 3. Each round the moves of both are compared with the oracle's: a fast wrong answer fails the bench.
 * 4. Rate: of the peer, what it says itself (first to last record processed). Of ours, from the claim of the first
 *    partition to the commit of the last record, both of which lie further apart.
 * 5. The seconds from the first to the last readable fact are taken from outside, the same way for both (readable.ts).
 */
import { TOPIC } from '@perennial/contracts';
import { benchDefinition } from '../load/commands';
import { loadHistory, SEED } from '../load/loader';
import type { Distribution } from '../load/population';
import { differences } from '../oracle/compare';
import { count, type Moves } from '../oracle/move';
import { expectedMoves, movesIn, peerMove } from '../oracle/read-moves';
import type { Figure, PartResult } from '../report/figure';
import { Meter } from '../run/meter';
import { runPeer } from '../run/peer';
import { rawRate } from '../run/raw';
import { ReadableWatch } from '../run/readable';
import { Site } from '../run/site';
import { against } from './against';
import type { Bench } from './part';
import { type Check, play } from './play';
import { describeRound, figuresOf, type Round, type Run } from './rounds';

const PEER_OUT = 'peer.moves';

export async function throughput(bench: Bench): Promise<PartResult> {
  if (bench.options.against !== null) return against(bench, bench.options.against);
  const figures: Figure[] = [];
  const wrong: string[] = [];
  for (const distribution of bench.options.distributions) {
    const rounds = await roundsOf(bench, distribution, wrong);
    figures.push(...figuresOf(distribution, rounds));
  }
  return { part: 'throughput', figures, notes: notesOf(bench), wrong };
}

async function roundsOf(bench: Bench, distribution: Distribution, wrong: string[]): Promise<Round[]> {
  const { options, servers, say } = bench;
  const { events, customers, partitions } = options;
  const site = new Site(servers.brokers, `bench-${process.pid}-${distribution}.`, partitions);
  await site.open();
  try {
    await loadHistory(site, { distribution, events, customers, seed: SEED }, benchDefinition());
    const expected = await expectedMoves(site, TOPIC.activity);
    say(`${distribution}: ${count(expected)} moves are expected`);
    const rounds: Round[] = [];
    for (let index = 0; index < options.rounds; index++) {
      const round = await playRound(bench, site, expected, index, wrong);
      rounds.push(round);
      say(describeRound(distribution, index, round));
    }
    return rounds;
  } finally {
    await site.remove();
  }
}

async function playRound(bench: Bench, site: Site, expected: Moves, index: number, wrong: string[]): Promise<Round> {
  const raw = await rawRate(site, TOPIC.activity);
  const check = (who: string, found: Moves): void => {
    wrong.push(...differences(expected, found).map((line) => `${who}, ${site.prefix} round ${index + 1}: ${line}`));
  };
  const ours = (): Promise<Run> => play(bench, site, check);
  const peer = (): Promise<Run | null> => playPeer(bench, site, check);
  if (index % 2 === 0) return { raw, ours: await ours(), peer: await peer() };
  const before = await peer();
  return { raw, ours: await ours(), peer: before };
}

async function playPeer({ servers, peer, say }: Bench, site: Site, check: Check): Promise<Run | null> {
  if (peer.kind === 'missing') return null;
  const meter = new Meter(servers);
  const watch = new ReadableWatch(site, PEER_OUT);
  const [input, output] = [`${site.prefix}${TOPIC.activity}`, `${site.prefix}${PEER_OUT}`];
  try {
    const report = await runPeer(peer.jar, servers, site.brokers, input, output);
    const { firstAt, lastAt } = await watch.end();
    const around = meter.since(report.cpuSeconds);
    say(`peer: ${JSON.stringify(report)}`);
    check('peer', await movesIn(site, PEER_OUT, peerMove));
    return {
      rate: report.events / report.seconds,
      readableSeconds: (lastAt - firstAt) / 1000,
      cpuSeconds: report.cpuSeconds,
      ...around,
      peakMib: report.maxRssMib ?? Number.NaN,
    };
  } finally {
    await watch.end();
  }
}

function notesOf({ options, peer }: Bench): string[] {
  const { events, customers, partitions, engines } = options;
  return [
    `${events} activities of 250 bytes, ${customers} customers, ${partitions} partitions, 1 % resent; ours in ${engines} process${engines === 1 ? '' : 'es'}; state, topics and durability as in production`,
    'rate of ours: records from the claim of the first partition to the commit of the last; of the peer: its own, first to last record processed',
    'readable: from the first moment a read_committed reader could read a fact to the moment it could read all',
    "processor time: the whole process from its start; every round both engines' moves were compared with the oracle's",
    ...(peer.kind === 'missing' ? [`without the peer: ${peer.reason}`] : []),
  ];
}
