/**
 * Our engine beside that of another commit, everything durable.
 *
 * 1. Each build has a log of its own with the same activities, written by its own loader (against/build.ts).
 * 2. The builds take turns within a round; the order changes from round to round, so that neither always meets the
 *    machine after the other.
 * 3. Each round the moves of both are compared with the oracle's.
 * 4. What counts is processor time per activity of engine, broker and database together, as the ratio of the two builds of
 *    one round: the machine's speed drifts, and both have met nearly the same. The median of the rounds is judged.
 * 5. Before the first round each build works once without being counted: whoever comes first meets a cold broker, which took
 *    twice its processor time.
 */
import { TOPIC } from '@perennial/contracts';
import { type Build, buildOf, OURS } from '../against/build';
import { checkOut } from '../against/checkout';
import { benchDefinition } from '../load/commands';
import { SEED } from '../load/loader';
import type { Distribution } from '../load/population';
import { differences } from '../oracle/compare';
import type { Moves } from '../oracle/move';
import { expectedMoves } from '../oracle/read-moves';
import { atMost, type Figure, figure, type PartResult } from '../report/figure';
import { Site } from '../run/site';
import type { Bench } from './part';
import { play } from './play';
import { COLUMNS, type Run } from './rounds';

/** A build, and the site whose log it has written. */
interface Side {
  readonly build: Build;
  readonly site: Site;
  readonly expected: Moves;
}

/** What both builds did in one round. */
export interface Comparison {
  readonly ours: Run;
  readonly other: Run;
}

const LIMIT = 1.03;

export async function against(bench: Bench, commit: string): Promise<PartResult> {
  const { options, servers, say } = bench;
  const other = buildOf(await checkOut(commit, servers.cache, say));
  const wrong: string[] = [];
  const figures: Figure[] = [];
  for (const distribution of options.distributions) {
    const comparisons = await comparisonsOf(bench, other, distribution, wrong);
    figures.push(...comparisonFigures(distribution, other.name, options.events, comparisons));
  }
  const notes = [
    `${options.events} activities of 250 bytes, ${options.customers} customers, ${options.partitions} partitions; both builds in turn, on a log of their own`,
    "processor time: engine (from its start), broker and database together; every round both builds' moves were compared with the oracle's",
  ];
  return { part: 'throughput', figures, notes, wrong };
}

async function comparisonsOf(
  bench: Bench,
  other: Build,
  distribution: Distribution,
  wrong: string[],
): Promise<Comparison[]> {
  const sides: Side[] = [];
  const measure = async ({ build, site, expected }: Side, index: number): Promise<Run> =>
    play(
      bench,
      site,
      (who, found) => {
        wrong.push(...differences(expected, found).map((line) => `${who}, ${site.prefix} round ${index + 1}: ${line}`));
      },
      build,
    );
  try {
    for (const build of [OURS, other]) sides.push(await sideOf(bench, build, distribution));
    const [us, them] = sides;
    if (us === undefined || them === undefined) return [];
    // Not counted (5).
    for (const side of sides) await measure(side, -1);
    const comparisons: Comparison[] = [];
    for (let index = 0; index < bench.options.rounds; index++) {
      const first = index % 2 === 0 ? null : await measure(them, index);
      const ours = await measure(us, index);
      comparisons.push({ ours, other: first ?? (await measure(them, index)) });
      bench.say(describeComparison(distribution, index, bench.options.events, comparisons[index]));
    }
    return comparisons;
  } finally {
    for (const { site } of sides) await site.remove();
  }
}

async function sideOf({ options, servers }: Bench, build: Build, distribution: Distribution): Promise<Side> {
  const { events, customers, partitions } = options;
  const prefix = `bench-${process.pid}-${distribution}-${build.name}.`;
  const theirs = new build.Site(servers.brokers, prefix, partitions);
  await theirs.open();
  await build.loadHistory(theirs, { distribution, events, customers, seed: SEED }, benchDefinition());
  await theirs.log.close();
  const site = new Site(servers.brokers, prefix, partitions);
  await site.open();
  return { build, site, expected: await expectedMoves(site, TOPIC.activity) };
}

/** Microseconds of processor time per activity, of everything that works on it. */
const microseconds = ({ cpuSeconds, brokerCpuSeconds, databaseCpuSeconds }: Run, events: number): number =>
  ((cpuSeconds + brokerCpuSeconds + databaseCpuSeconds) / events) * 1e6;

export function comparisonFigures(
  distribution: Distribution,
  other: string,
  events: number,
  comparisons: readonly Comparison[],
): Figure[] {
  const of = (who: keyof Comparison, name: string): Figure[] => [
    figure(
      `${distribution}: ${name}, processor time per activity`,
      'µs',
      comparisons.map((comparison) => microseconds(comparison[who], events)),
    ),
    ...COLUMNS.map(([what, unit, read]) =>
      figure(
        `${distribution}: ${name}, ${what}`,
        unit,
        comparisons.map((comparison) => read(comparison[who])),
      ),
    ),
  ];
  const ratio = (what: string, read: (run: Run) => number): [string, string, number[]] => [
    `${distribution}: ours / ${other}, ${what}`,
    '×',
    comparisons.map(({ ours, other: theirs }) => read(ours) / read(theirs)),
  ];
  return [
    ...of('ours', 'ours'),
    ...of('other', other),
    figure(...ratio('rate', ({ rate }) => rate)),
    figure(...ratio('peak memory', ({ peakMib }) => peakMib), atMost(LIMIT)),
    figure(...ratio('processor time per activity', (run) => microseconds(run, events)), atMost(LIMIT)),
  ];
}

function describeComparison(
  distribution: Distribution,
  index: number,
  events: number,
  comparison: Comparison | undefined,
): string {
  if (comparison === undefined) return '';
  const [ours, other] = [microseconds(comparison.ours, events), microseconds(comparison.other, events)];
  return `${distribution} round ${index + 1}: ours ${ours.toFixed(1)} µs an activity, the other ${other.toFixed(1)} µs, ratio ${(ours / other).toFixed(3)}`;
}
