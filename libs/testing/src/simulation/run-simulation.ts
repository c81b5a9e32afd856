/**
 * One simulated run: two engines, a log and a database under one seeded scheduler, faults, then calm, then the judgement.
 * The same seed is the same run, step by step.
 */
import { Run, type Stats } from './run';
import type { Sabotage } from './sabotage';

export interface SimulationOptions {
  /** Activities, repeats, clocks, commands and bad records after the opening. Default 45. */
  readonly sendings?: number;
  /** Last steps to keep for the trace. Default 120. */
  readonly traceSteps?: number;
  readonly sabotage?: Sabotage;
}

interface Ran {
  readonly seed: number;
  /** Of everything that happened, in order. */
  readonly digest: string;
  readonly stats: Stats;
}
export type Simulated =
  | ({ readonly ok: true } & Ran)
  | ({ readonly ok: false; readonly difference: string; readonly trace: readonly string[] } & Ran);

const SENDINGS = 45;
const TRACE_STEPS = 120;

export async function runSimulation(
  seed: number,
  { sendings = SENDINGS, traceSteps = TRACE_STEPS, sabotage = {} }: SimulationOptions = {},
): Promise<Simulated> {
  const run = new Run(seed, traceSteps, sabotage);
  const difference = await run.play(sendings);
  const ran = { seed, digest: run.trace.digest, stats: run.stats() };
  return difference === null ? { ok: true, ...ran } : { ok: false, difference, trace: run.trace.tail(), ...ran };
}
