import fc from 'fast-check';
import { SHOP } from '../fixtures/problem-cases';
import { type Drawn, regions, statesOf } from '../fixtures/random-charts';
import { compile } from './compile';
import type { View } from './compiled';
import { labelOf } from './views';

/** SHOP with other stages, and one view of them. */
function withView(stages: Drawn, view: View): string {
  const [head = ''] = SHOP.split('stages:');
  return `${head}stages: ${JSON.stringify(stages)}\nviews: ${JSON.stringify({ v: view })}\n`;
}

/** The paths of all states that a customer can be in at once, for each way to be somewhere inside a state. */
function ways(state: Drawn, path: string): string[][] {
  const inside = Object.entries(state.states ?? {}).filter(([, { type }]) => type !== 'history');
  if (inside.length === 0) return [[path]];
  const ofChildren = inside.map(([name, child]) => ways(child, path === '' ? name : `${path}.${name}`));
  const together =
    state.type === 'parallel'
      ? ofChildren.reduce((all, of) => all.flatMap((way) => of.map((other) => [...way, ...other])))
      : ofChildren.flat();
  return together.map((way) => (path === '' ? way : [path, ...way]));
}

/** Labels for some of the states, each with its share of them. */
const LABELS = ['x', 'y', 'z'];
const picks = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...LABELS)), { maxLength: 8 });

describe('a view', () => {
  it('is taken if, and only if, every customer has exactly one label, wherever it is', () => {
    let taken = 0;
    fc.assert(
      fc.property(regions(true), picks, (stages, drawn) => {
        const paths = statesOf(stages).flatMap(({ path, state }) => (state.type === 'history' ? [] : path.slice(6)));
        const named = drawn.map(([pick, label]) => [paths[pick % paths.length] ?? '', label] as const);
        // The rest of some, so that many views are total.
        const rest = paths.filter((path) => !path.includes('.') && named.every(([one]) => one.split('.')[0] !== path));
        const all = [...named, ...rest.map((path) => [path, 'x'] as const)];
        const view = Object.fromEntries(
          LABELS.map((label) => [label, all.flatMap(([path, its]) => (its === label ? [path] : []))]),
        );
        const counts = ways(stages, '').map((way) => all.filter(([path]) => way.includes(path)).length);
        const total = counts.every((count) => count === 1);
        const compiled = compile(withView(stages, view));
        const codes = compiled.ok ? [] : compiled.problems.map(({ code }) => code);
        expect({ view, taken: compiled.ok, codes: codes.length > 0 }).toEqual({ view, taken: total, codes: !total });
        if (!compiled.ok) return;
        taken += 1;
        for (const way of ways(stages, '')) {
          const label = labelOf(compiled.definition.views['v'] ?? {}, way);
          expect(all.filter(([, its]) => its === label).some(([path]) => way.includes(path))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it('may have labels of no state, which nobody has', () => {
    const compiled = compile(`${SHOP}views: { v: { reach: [], all: [new, active, gone], lost: [] } }\n`);
    const view = compiled.ok ? (compiled.definition.views['v'] ?? {}) : {};
    expect(view).toEqual({ reach: [], all: ['new', 'active', 'gone'], lost: [] });
    expect(labelOf(view, ['active'])).toBe('all');
    expect(() => labelOf(view, ['elsewhere'])).toThrow('no label for the states elsewhere');
  });
});
