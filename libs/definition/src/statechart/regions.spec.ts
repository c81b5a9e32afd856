import fc from 'fast-check';
import { createMachine, getNextTransitions, initialTransition, transition } from 'xstate';
import type { MachineConfig } from '../compiled';
import { locateIn } from '../source-text';
import { Problems } from '../problems';
import { readTree } from '../yaml-tree';
import {
  compound,
  type DrawnRegion as Region,
  regions,
  SIGNALS,
  sourcesOf,
  statesOf,
  NAMES,
} from '../../fixtures/random-charts';
import { type ChartState, withDescendants } from './chart';
import { reachableStates } from './reach';
import { buildCharts, compileRegion } from './regions';
import { regionShape } from './state-shape';

function pickFrom<T>(items: readonly T[], index: number): T | undefined {
  return items[index % Math.max(1, items.length)];
}

function chartOf(region: Region): { readonly chart: ChartState; readonly problems: Problems } {
  const source = JSON.stringify(region);
  const problems = new Problems(locateIn(source));
  const tree = readTree(source, problems);
  const value = tree === null ? null : regionShape.read(tree, problems);
  const [chart] = buildCharts([{ name: { value: 'stage', at: 0 }, value }], new Set(SIGNALS), problems);
  if (chart === undefined)
    throw new Error(
      problems
        .list()
        .map(({ message }) => message)
        .join('\n'),
    );
  return { chart, problems };
}

const machineOf = (region: Region): MachineConfig & Region => ({ ...region, id: 'stage' });

/** The path of the state that XState takes the one move of a region to lead to; null when it refuses the machine. */
function targetInXState(region: Region, source: string): string | null {
  try {
    const node = createMachine(machineOf(region)).getStateNodeById(source);
    return node.transitions.get('s0')?.[0]?.target?.[0]?.id ?? null;
  } catch {
    return null;
  }
}

/** Paths of all states that XState can come to be in, by trying everything. */
function reachableInXState(region: Region): Set<string> {
  const machine = createMachine(machineOf(region));
  const reached = new Set<string>();
  const tried = new Set<string>();
  const [initial] = initialTransition(machine);
  const open = [initial];
  for (let snapshot = open.pop(); snapshot !== undefined; snapshot = open.pop()) {
    const key = JSON.stringify([snapshot.value, machine.getPersistedSnapshot(snapshot)]);
    if (tried.has(key)) continue;
    tried.add(key);
    for (const node of snapshot._nodes) reached.add(node.id);
    for (const { eventType } of getNextTransitions(snapshot)) {
      open.push(transition(machine, snapshot, { type: String(eventType) })[0]);
    }
  }
  return reached;
}

describe('a region', () => {
  it('takes targets for what XState takes them for', () => {
    const names = fc.array(fc.constantFrom(...NAMES, 'h'), { minLength: 1, maxLength: 3 });
    const targets = fc
      .tuple(fc.constantFrom('', '.', '#stage.', '#other.'), names)
      .map(([prefix, path]) => prefix + path.join('.'));
    fc.assert(
      fc.property(regions(true), fc.nat(), targets, (plain, pick, target) => {
        const region = structuredClone(plain);
        const source = pickFrom(sourcesOf(region), pick);
        fc.pre(source !== undefined);
        source.state.on = { s0: { target } };
        const { chart, problems } = chartOf(region);
        const move = withDescendants(chart).flatMap(({ moves }) => moves)[0];
        const expected = targetInXState(region, source.path);
        expect({ region, is: move?.target.path ?? null }).toEqual({ region, is: expected });
        const codes = problems.list().map(({ code }) => code);
        expect(codes).toEqual(expected === null ? ['DEFINITION.UNKNOWN_STATE'] : []);
      }),
      { numRuns: 500 },
    );
  });

  const moves = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: SIGNALS.length });
  /** Gives each move a signal of its own, so that none hides another. */
  function withMoves(plain: Region, drawn: readonly (readonly [number, number])[]): Region {
    const region = structuredClone(plain);
    for (const [index, [from, to]] of drawn.entries()) {
      const source = pickFrom(sourcesOf(region), from);
      const target = pickFrom(statesOf(region), to);
      if (source !== undefined && target !== undefined) {
        source.state.on = { ...source.state.on, [`s${index}`]: { target: `#${target.path}` } };
      }
    }
    return region;
  }

  it('compiles to the machine it was written as, in which moves of a state into itself restart it; XState takes it', () => {
    fc.assert(
      fc.property(regions(true), moves, (plain, drawn) => {
        const region = withMoves(plain, drawn);
        const { chart, problems } = chartOf(region);
        const machine = structuredClone(machineOf(region));
        for (const { path, state } of statesOf(machine)) {
          for (const move of Object.values(state.on ?? {})) if (move.target === `#${path}`) move.reenter = true;
        }
        expect(compileRegion(chart, problems)).toEqual({ name: 'stage', machine });
        expect(problems.list()).toEqual([]);
      }),
    );
  });

  /** Whether a move of the region leads from inside one part of a parallel state to inside the same part. */
  function hasMoveInsideAPart(region: Region): boolean {
    const all = statesOf(machineOf(region));
    const parallel = new Set(all.filter(({ state }) => state.type === 'parallel').map(({ path }) => path));
    const isInside = (path: string, part: string): boolean => path === part || path.startsWith(`${part}.`);
    const parts = all.map(({ path }) => path).filter((path) => parallel.has(path.slice(0, path.lastIndexOf('.'))));
    return all.some(({ path, state }) =>
      Object.values(state.on ?? {}).some(({ target }) =>
        parts.some((part) => isInside(path, part) && isInside(target.slice(1), part)),
      ),
    );
  }

  // A move inside one part leaves the other parts where they are; the search takes them for entered anew, so it may find more there.
  it('has the reachable states that XState can be brought to; with moves inside a part of a parallel state no fewer', () => {
    fc.assert(
      fc.property(regions(false), moves, (plain, drawn) => {
        const region = withMoves(plain, drawn);
        const reachable = [...reachableStates(chartOf(region).chart)].map(({ path }) => path);
        const inXState = reachableInXState(region);
        const found = hasMoveInsideAPart(region) ? reachable.filter((path) => inXState.has(path)) : reachable;
        expect({ region, found: found.sort() }).toEqual({ region, found: [...inXState].sort() });
      }),
    );
  });

  it('with histories has no fewer', () => {
    fc.assert(
      fc.property(regions(true), moves, (plain, drawn) => {
        const region = withMoves(plain, drawn);
        const reachable = new Set([...reachableStates(chartOf(region).chart)].map(({ path }) => path));
        for (const path of reachableInXState(region))
          expect({ region, reachable }).toMatchObject({ region, reachable: new Set([...reachable, path]) });
      }),
    );
  });

  it('that XState refuses after all is reported with what XState says', () => {
    const { chart, problems } = chartOf(compound({ a: {} }));
    chart.initial = null;
    compileRegion(chart, problems);
    const message: unknown = expect.stringContaining('No initial state');
    expect(problems.list()).toEqual([{ severity: 'error', code: 'DEFINITION.XSTATE', line: 1, column: 1, message }]);
  });
});
