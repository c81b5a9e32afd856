import type { Region } from '../compiled';
import type { WrittenDefinition } from '../definition-shape';
import type { Problems } from '../problems';
import { checkNames } from '../shape/names';
import type { CheckedSignal } from '../signals/signals';
import type { Located } from '../yaml-tree';
import { type ChartState, withDescendants } from './chart';
import { ChartBuilder } from './chart-builder';
import { signalCycles } from './cycles';
import { toRegion, xstateComplaint } from './machine';
import { reachableStates, statesWithoutWayOut } from './reach';
import { fitsLimits } from './size';
import type { NamedRegion } from './state-shape';

/** The region whose states are the stages. */
export const STAGE_REGION = 'stage';

/** The stage region first, which is written apart from the others. */
export function regionsOf(written: WrittenDefinition, problems: Problems): readonly NamedRegion[] {
  const at = written.keys.get('stages') ?? written.at;
  const others = written.regions ?? [];
  for (const { name } of others.filter((region) => region.name.value === STAGE_REGION)) {
    const message = `"${STAGE_REGION}" is the region of "stages". Give this region another name.`;
    problems.error('DEFINITION.NAME_CLASH', name.at, message);
  }
  return [{ name: { value: STAGE_REGION, at }, value: written.stages }, ...others];
}

/** The charts of all regions; what is wrong is reported and left out. */
export function buildCharts(
  regions: readonly NamedRegion[],
  signals: ReadonlySet<string>,
  problems: Problems,
): readonly ChartState[] {
  checkNames(
    'region',
    regions.map((region) => region.name),
    problems,
  );
  if (!fitsLimits(regions, problems)) return [];
  return regions.flatMap(({ name, value }) => {
    const chart = value ? new ChartBuilder(signals, problems).build(name.value, name.at, value) : null;
    return chart === null ? [] : [chart];
  });
}

/** The region of a chart without mistakes, taken by XState too. */
export function compileRegion(chart: ChartState, problems: Problems): Region {
  const region = toRegion(chart);
  const complaint = xstateComplaint(region.machine);
  if (complaint !== null) problems.error('DEFINITION.XSTATE', chart.at, `XState refuses "${chart.name}": ${complaint}`);
  return region;
}

/** Warns of what is allowed, and probably not meant. */
export function warnOfCharts(
  charts: readonly ChartState[],
  signals: readonly CheckedSignal[],
  names: readonly Located<string>[],
  problems: Problems,
): void {
  for (const chart of charts) {
    const reachable = reachableStates(chart);
    warnOfUnreachable(chart, reachable, problems);
    if (chart.name === STAGE_REGION) warnOfNoWayOut(chart, reachable, problems);
    warnOfCycles(chart, signals, problems);
  }
  warnOfUnused(charts, signals, names, problems);
}

function warnOfUnreachable(chart: ChartState, reachable: ReadonlySet<ChartState>, problems: Problems): void {
  for (const state of withDescendants(chart)) {
    if (reachable.has(state) || (state.parent !== null && !reachable.has(state.parent))) continue;
    const message = `No move leads customers to "${state.name}", so nobody will ever be there. Add a move to it, or remove it.`;
    problems.warn('DEFINITION.UNREACHABLE_STATE', state.at, message);
  }
}

/** Of a stage that nobody reaches it is told already that nobody is there. */
function warnOfNoWayOut(stages: ChartState, reachable: ReadonlySet<ChartState>, problems: Problems): void {
  for (const stage of statesWithoutWayOut(stages).filter((state) => reachable.has(state))) {
    const message = `Nobody leaves "${stage.name}": no signal and no time leads out of it. Add a move, or say \`type: final\` if that is meant.`;
    problems.warn('DEFINITION.NO_WAY_OUT', stage.at, message);
  }
}

function warnOfCycles(chart: ChartState, signals: readonly CheckedSignal[], problems: Problems): void {
  for (const cycle of signalCycles(chart, signals)) {
    const [first] = cycle;
    if (first === undefined) continue;
    const states = [...cycle.map((step) => step.from.name), first.from.name].join(' → ');
    const names = [...new Set(cycle.map((step) => `"${step.signal.signal.name}"`))].join(' and ');
    const message = `While ${names} ${cycle.length === 1 ? 'is' : 'are'} on, customers go round: ${states}. Let the signals exclude each other, or mark one with edge: true.`;
    problems.warn('DEFINITION.SIGNAL_CYCLE', first.move.at, message);
  }
}

function warnOfUnused(
  charts: readonly ChartState[],
  signals: readonly CheckedSignal[],
  names: readonly Located<string>[],
  problems: Problems,
): void {
  const accepted = new Set(
    charts
      .flatMap(withDescendants)
      .flatMap((state) => state.moves.map(({ trigger }) => (trigger.kind === 'on' ? trigger.signal : null))),
  );
  for (const { signal } of signals) {
    if (accepted.has(signal.name) || signal.publish) continue;
    const at = names.find((name) => name.value === signal.name)?.at ?? 0;
    const rest = signal.kind === 'pulse' ? 'does nothing' : 'only becomes a fact when it turns on or off';
    const message = `No state accepts the signal "${signal.name}", so it moves nobody and ${rest}. Accept it, or remove it.`;
    problems.warn('DEFINITION.UNUSED_SIGNAL', at, message);
  }
}
