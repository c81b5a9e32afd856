/**
 * The logs that simulated runs of the other build leave, decided by both: the simulation's oracle reads each of them record by
 * record. The runs themselves cannot be compared: what an engine asks for, and when, decides what else happens in a run.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { LogRecord, OutRecord } from '@perennial/contracts';
import { type Comparison, Digest } from './comparison';

/** What is taken of a build's simulation (libs/testing/src/simulation); a commit that moves or reshapes it has to say so here. */
interface Simulation {
  readonly Run: new (seed: number, traceSteps: number, sabotage: object) => SimulatedRun;
  readonly recompute: (
    partition: number,
    log: readonly LogRecord[],
    settings: { readonly partitions: number; readonly plans: object; readonly deadlinesPerClock: number },
  ) => Promise<{ readonly records: readonly OutRecord[] }>;
  readonly Plans: new () => object;
}

interface SimulatedRun {
  readonly settings: { readonly partitions: number; readonly limits: { readonly deadlinesPerClock: number } };
  readonly world: {
    /** By partition. */
    readonly activity: readonly (readonly LogRecord[])[];
    readonly database: { partition(number: number): { readonly nextOffset: number } };
  };
  /** What is wrong; null: nothing. */
  play(sendings: number): Promise<string | null>;
}

/** As `npm run simulate` has them. */
const SENDINGS = 45;

export async function comparedOverLogs(
  folders: Readonly<Record<'ours' | 'theirs', string>>,
  seeds: number,
  say: (line: string) => void,
): Promise<Comparison> {
  const [ours, theirs] = [decider(folders.ours), decider(folders.theirs)];
  for (let seed = 1; seed <= seeds; seed++) {
    const run = new theirs.simulation.Run(seed, 0, {});
    const wrong = await run.play(SENDINGS);
    if (wrong !== null) throw new Error(`seed ${seed} fails in the other build: ${wrong}`);
    await ours.decide(run);
    await theirs.decide(run);
    if (seed % 100 === 0) say(`${seed} of ${seeds} seeds`);
  }
  return { name: `simulation: ${seeds} seeds`, ours: ours.digest.decided(), theirs: theirs.digest.decided() };
}

function decider(folder: string) {
  const simulation = simulationOf(folder);
  const digest = new Digest();
  const plans = new simulation.Plans();
  const decide = async ({ world, settings }: SimulatedRun): Promise<void> => {
    const { partitions, limits } = settings;
    for (const [partition, log] of world.activity.entries()) {
      const read = log.slice(0, world.database.partition(partition).nextOffset);
      const oracle = { partitions, plans, deadlinesPerClock: limits.deadlinesPerClock };
      const { records } = await simulation.recompute(partition, read, oracle);
      for (const record of records) digest.add(`${bytesOf(record)}\n`, 1);
    }
  };
  return { simulation, digest, decide };
}

function simulationOf(folder: string): Simulation {
  const built = createRequire(join(folder, 'dist/libs/testing/src/index.js'));
  return {
    ...(built('./simulation/run') as Pick<Simulation, 'Run'>),
    ...(built('./simulation/recompute') as Pick<Simulation, 'recompute'>),
    ...(built('../../engine/src/index') as Pick<Simulation, 'Plans'>),
  };
}

const bytesOf = ({ topic, partition, key, value, headers }: OutRecord): string =>
  JSON.stringify([
    topic,
    partition ?? null,
    hex(key),
    hex(value),
    headers.map((header) => [hex(header.name), hex(header.value)]),
  ]);

const hex = (bytes: string | Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes as Uint8Array).toString('hex');
