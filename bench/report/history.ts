import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './figure';
import type { RunReport } from './run-report';

/** A figure of a run. */
export interface PastFigure {
  readonly run: RunReport;
  readonly figure: Figure;
}

/** The runs that are kept in a folder, oldest first; quick ones say nothing and are left out. */
export function keptRuns(folder: string): RunReport[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readRun(join(folder, name)))
    .filter(({ options }) => !options.quick);
}

/** With a run more, unless it is among them; in the order of time. */
export function inOrder(kept: readonly RunReport[], run: RunReport): RunReport[] {
  const others = kept.filter(({ setting }) => setting.at !== run.setting.at);
  return [...others, run].sort((a, b) => a.setting.at.localeCompare(b.setting.at));
}

/** One figure through the runs that have it. */
export function through(runs: readonly RunReport[], part: string, name: string): PastFigure[] {
  return runs.flatMap((run) =>
    run.parts
      .filter((result) => result.part === part)
      .flatMap(({ figures }) => figures)
      .filter((figure) => figure.name === name && figure.values.length > 0)
      .map((figure) => ({ run, figure })),
  );
}

function readRun(file: string): RunReport {
  const run = JSON.parse(readFileSync(file, 'utf8')) as Partial<RunReport>;
  if (run.format !== 1) throw new Error(`${file} is no result of the bench in format 1; move it elsewhere.`);
  return run as RunReport;
}
