/** What the rounds of throughput say. */
import type { Distribution } from '../load/population';
import { atLeast, type Figure, figure, type Goal } from '../report/figure';

/** What one engine did in one round. */
export interface Run {
  /** Records per second. */
  readonly rate: number;
  readonly readableSeconds: number;
  readonly cpuSeconds: number;
  readonly brokerCpuSeconds: number;
  readonly databaseCpuSeconds: number;
  /** Processors that were busy with something else than engine, servers and bench. */
  readonly busyElsewhere: number;
  readonly peakMib: number;
}
export interface Round {
  readonly raw: number;
  readonly ours: Run;
  readonly peer: Run | null;
}

const GOALS = { uniform: { raw: atLeast(0.25), peer: atLeast(0.85) }, zipf: { raw: undefined, peer: atLeast(1) } };

export function figuresOf(distribution: Distribution, rounds: readonly Round[]): Figure[] {
  const goals = GOALS[distribution];
  const ours = rounds.map((round) => round.ours);
  const peers = rounds.flatMap(({ peer }) => (peer === null ? [] : [peer]));
  const ratios = rounds.flatMap(({ ours: { rate }, peer }) => (peer === null ? [] : [rate / peer.rate]));
  const ofRaw = rounds.map(({ ours: { rate }, raw }) => rate / raw);
  const named = (what: string, unit: string, values: readonly number[], goal?: Goal): Figure[] =>
    values.length === 0 ? [] : [figure(`${distribution}: ${what}`, unit, values, goal)];
  const rawRates = rounds.map(({ raw }) => raw);
  return [
    ...named('raw consume and parse, rate', '1/s', rawRates),
    ...COLUMNS.flatMap(([what, unit, of]) => named(`ours, ${what}`, unit, ours.map(of))),
    ...COLUMNS.flatMap(([what, unit, of]) => named(`peer, ${what}`, unit, peers.map(of))),
    ...named('ours / raw', '×', ofRaw, goals.raw),
    ...named('ours / peer', '×', ratios, goals.peer),
  ];
}

export const COLUMNS: readonly (readonly [what: string, unit: string, of: (run: Run) => number])[] = [
  ['rate', '1/s', ({ rate }) => rate],
  ['first to last readable fact', 's', ({ readableSeconds }) => readableSeconds],
  ['processor time', 's', ({ cpuSeconds }) => cpuSeconds],
  ['processor time of the broker', 's', ({ brokerCpuSeconds }) => brokerCpuSeconds],
  ['processor time of the database', 's', ({ databaseCpuSeconds }) => databaseCpuSeconds],
  ['processors busy elsewhere meanwhile', 'processors', ({ busyElsewhere }) => busyElsewhere],
  ['peak memory', 'MiB', ({ peakMib }) => peakMib],
];

export function describeRound(distribution: Distribution, index: number, { raw, ours, peer }: Round): string {
  const thousands = (rate: number): string => `${(rate / 1000).toFixed(1)} k/s`;
  const other =
    peer === null ? '' : `, peer ${thousands(peer.rate)}, ours / peer ${(ours.rate / peer.rate).toFixed(2)}`;
  return `${distribution} round ${index + 1}: raw ${thousands(raw)}, ours ${thousands(ours.rate)}${other}`;
}
