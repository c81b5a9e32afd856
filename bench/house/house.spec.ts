import { figuresOf, quantile } from './figures';
import { circles, importGraph, reachesIntoApps } from './imports';
import { describeHouse } from './report';
import { sourceOf } from './sources';

const file = (name: string, ...lines: readonly string[]) => sourceOf(name, lines.map((line) => `${line}\n`).join(''));
const importing = (name: string, ...targets: readonly string[]) =>
  file(name, ...targets.map((target) => `import { x } from '${target}';`));

describe('a file', () => {
  it('exports names, some of which are explained', () => {
    const { exported, lines } = file(
      'libs/a/src/b.ts',
      '/** A number. */',
      'export const one = 1;',
      'export function two() {}',
      '// no docstring',
      'export interface Three {}',
      'const hidden = 1;',
    );
    expect(lines).toBe(6);
    expect(exported).toEqual([
      { name: 'one', documented: true },
      { name: 'two', documented: false },
      { name: 'Three', documented: false },
    ]);
  });

  it('of a lib is its index, run, or for tests', () => {
    const kinds = ['libs/a/src/index.ts', 'libs/a/src/b.ts', 'libs/a/src/b.spec.ts', 'test/e2e/x.ts'].map(
      (name) => file(name).kind,
    );
    expect(kinds).toEqual(['index', 'production', 'test', 'test']);
  });
});

it('sizes are those of files that run', () => {
  const sources = [
    file('libs/a/src/index.ts', "export { one } from './one';"),
    file('libs/a/src/one.ts', '/** One. */', 'export const one = 1;'),
    file('libs/a/src/two.ts', 'export const two = 2;', ...Array<string>(39).fill('')),
    file('libs/a/src/one.spec.ts', 'it();'),
  ];
  const ofLib = { files: 2, lines: 42, median: 2, p90: 40, max: 40, small: 1, exported: 2, documented: 1, public: 1 };
  expect(figuresOf(sources)).toEqual([
    { project: 'libs/a', ...ofLib },
    { project: 'apps + libs', ...ofLib },
  ]);
});

it('a quantile is a value that was there', () => {
  expect([0.5, 0.9, 1].map((share) => quantile([1, 2, 3, 4], share))).toEqual([2, 4, 4]);
  expect(quantile([], 0.5)).toBe(0);
});

describe('circles', () => {
  const found = (...sources: readonly ReturnType<typeof file>[]) => circles(importGraph(sources));

  it('are found once, over libs and through several files', () => {
    expect(
      found(
        importing('libs/a/src/index.ts', './one'),
        importing('libs/a/src/one.ts', './two', '@perennial/b'),
        importing('libs/a/src/two.ts', './three'),
        importing('libs/a/src/three.ts', './one', './four'),
        importing('libs/a/src/four.ts'),
        importing('libs/b/src/index.ts'),
      ),
    ).toEqual([['libs/a/src/one.ts', 'libs/a/src/two.ts', 'libs/a/src/three.ts']]);
    expect(
      found(importing('libs/a/src/index.ts', '@perennial/b'), importing('libs/b/src/index.ts', '@perennial/a')),
    ).toHaveLength(1);
  });

  it('are none of files that are reached in two ways', () => {
    expect(
      found(
        importing('libs/a/src/one.ts', './two', './three'),
        importing('libs/a/src/two.ts', './three'),
        importing('libs/a/src/three.ts'),
      ),
    ).toEqual([]);
  });
});

it('reaching into an app is told of whoever is not that app', () => {
  const sources = [
    importing('test/e2e/x.ts', '../../apps/cli/src/main'),
    importing('apps/cli/src/other.ts', './main', '../../collector/src/service'),
    importing('apps/cli/src/main.ts'),
    importing('apps/collector/src/service.ts'),
  ];
  const reaches = reachesIntoApps(importGraph(sources));
  expect(reaches).toEqual([
    ['test/e2e/x.ts', 'apps/cli/src/main.ts'],
    ['apps/cli/src/other.ts', 'apps/collector/src/service.ts'],
  ]);
  const told = describeHouse({
    projects: [],
    circles: [],
    reachesIntoApps: reaches,
    activityPath: [{ file: 'libs/a/src/b.ts', lines: 1_040 }],
  });
  expect(told).toContain('  test → apps/cli: 1\n  apps/cli → apps/collector: 1');
  expect(told).toContain('One activity passes 1 files of 1,040 lines (libs/a 1):\n  libs/a/src/b.ts');
});
