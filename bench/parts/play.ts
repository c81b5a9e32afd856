/** Our engine, of any build, works once through the log of a site: how fast, with what, and whether its moves are right. */
import { TOPIC } from '@perennial/contracts';
import { openProgress } from '@perennial/command-line';
import { type Build, OURS } from '../against/build';
import { TENANT } from '../load/activity';
import type { Moves } from '../oracle/move';
import { movesIn, ourMove, repeats } from '../oracle/read-moves';
import { Meter } from '../run/meter';
import { ReadableWatch } from '../run/readable';
import type { Site } from '../run/site';
import type { Bench } from './part';
import type { Run } from './rounds';

/** Compares what an engine stated with the oracle's moves. */
export type Check = (who: string, found: Moves) => void;

/** Starts with an empty database and no output topics. */
export async function play({ servers, options }: Bench, site: Site, check: Check, build: Build = OURS): Promise<Run> {
  await site.forgetOutput();
  const installation = await build.Installation.create(servers, site);
  const meter = new Meter(servers);
  const progress = openProgress({ title: build.name, unit: 'records', total: options.events });
  const watch = new ReadableWatch(site, TOPIC.stageChanged);
  const engine = installation.start(options.engines);
  try {
    const { records, claimedAt, doneAt } = await installation.drained(engine, progress.update);
    const { firstAt, lastAt } = await watch.end();
    progress.stop();
    const { cpuSeconds } = engine;
    const run = {
      rate: (records / (doneAt - claimedAt)) * 1000,
      readableSeconds: (lastAt - firstAt) / 1000,
      cpuSeconds,
      ...meter.since(cpuSeconds),
      peakMib: engine.residentMib('peak'),
    };
    await engine.stop();
    check(build.name, await movesIn(site, TOPIC.stageChanged, ourMove(TENANT), repeats()));
    return run;
  } finally {
    progress.stop();
    await engine.kill();
    await watch.end();
    await installation.remove();
  }
}
