import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics, declareCollectorMetrics, declareEngineMetrics } from '@perennial/observability';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const monitoring = join(root, 'deploy/monitoring');
const runbook = join(root, 'docs/runbook');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface TestFile {
  readonly tests: readonly {
    readonly name: string;
    readonly promql_expr_test: readonly { readonly exp_samples: readonly { readonly value: number }[] }[];
  }[];
}

const read = (file: string): string => readFileSync(file, 'utf8');
const rules = (parse(read(join(monitoring, 'alerts.yml'))) as RuleFile).groups.flatMap((group) => group.rules);
const tests = (parse(read(join(monitoring, 'alerts.test.yml'))) as TestFile).tests;
const pages = readdirSync(runbook).filter((name) => name.endsWith('.md'));

function promtool(...args: string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { cwd: root, encoding: 'utf8' });
  const remedy = error === undefined ? '' : 'promtool is missing: node deploy/dev/require.js --yes';
  return { status, said: `${remedy}${stdout}${stderr}` };
}

/** Names as Prometheus sees them: a histogram has three. */
function declaredMetrics(): ReadonlySet<string> {
  const registry = createMetrics('test');
  declareEngineMetrics(registry);
  declareCollectorMetrics(registry);
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  return new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]));
}
const namedMetrics = (text: string): readonly string[] =>
  text.match(/\b(lifecycle|collector|nodejs|process)_[a-z0-9_]+/g) ?? [];

/** The commands of the built `perennial`, as its help lists them. */
function commandNames(): ReadonlySet<string> {
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/perennial'), ['--help'], { encoding: 'utf8' });
  const [, listed = ''] = /^Commands:\n([^]*?)\n\n/m.exec(stdout) ?? [];
  return new Set([...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name));
}

describe('the alert rules', () => {
  it('fire and stay quiet as promtool tests them', () => {
    expect(promtool('check', 'config', 'deploy/monitoring/prometheus.yml')).toMatchObject({ status: 0 });
    expect(promtool('test', 'rules', 'deploy/monitoring/alerts.test.yml')).toMatchObject({ status: 0 });
  });

  it.each(rules)('$alert is shown both quiet and firing', ({ alert }) => {
    const values = tests
      .filter(({ name }) => name === alert)
      .flatMap((test) => test.promql_expr_test.map(({ exp_samples: [sample] }) => sample?.value));
    expect(values).toEqual(expect.arrayContaining([0, 1]));
  });

  it.each(rules)('$alert names a severity, a summary and a runbook page', ({ labels, annotations }) => {
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
    expect(annotations.summary).toMatch(/\.$/);
    expect(existsSync(join(root, annotations.runbook))).toBe(true);
  });

  it('name only metrics that are declared', () => {
    const declared = declaredMetrics();
    const named = [
      ...rules.flatMap(({ expr }) => namedMetrics(expr)),
      ...pages.flatMap((page) => namedMetrics(read(join(runbook, page)))),
    ];
    expect(named.filter((name) => !declared.has(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(rules.length);
  });
});

describe('the runbook', () => {
  it('has a page for each alert and no other', () => {
    expect(pages.map((page) => `docs/runbook/${page}`).sort()).toEqual(
      rules.map(({ annotations }) => annotations.runbook).sort(),
    );
  });

  it.each(rules)(
    'the page of $alert says meaning, impact, what to look at and what to do',
    ({ alert, annotations }) => {
      const text = read(join(root, annotations.runbook));
      expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual([
        `# ${alert}`,
        '## Meaning',
        '## Impact',
        '## Look at',
        '## Do',
      ]);
    },
  );

  it.each(pages)('%s names only commands and pages that exist', (page) => {
    const text = read(join(runbook, page));
    const known = commandNames();
    const named = [...text.matchAll(/perennial ([a-z-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(runbook, link)))).toEqual([]);
  });
});
