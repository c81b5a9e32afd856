import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atLeast, atMost, figure, isMet, median, percentile } from './figure';
import { keptRuns } from './history';
import { page } from './page';
import type { RunReport } from './run-report';
import { describe as describeResults } from './table';

function aRun(at: string, values: readonly number[], quick = false): RunReport {
  return {
    format: 1,
    setting: {
      at,
      commit: `c${at.slice(8, 10)}`,
      node: 'v20',
      machine: { system: 'Linux', processors: 2, model: 'a <fast> one', memoryGib: 8 },
      engine: {},
    },
    options: { rounds: values.length, events: 1, customers: 1, partitions: 4, quick },
    servers: { fsync: 'on' },
    peer: 'built',
    parts: [
      { part: 'throughput', figures: [figure('rate', '1/s', values, atLeast(100))], notes: ['a note'], wrong: [] },
    ],
  };
}

describe('figures', () => {
  it('are judged by their median', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(isMet(figure('rate', '1/s', [50, 100, 300], atLeast(100)))).toBe(true);
    expect(isMet(figure('wait', 'ms', [50, 100, 300], atMost(99)))).toBe(false);
    expect(isMet(figure('rate', '1/s', [1]))).toBeNull();
  });

  it('have percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('the table', () => {
  it('shows median, spread and whether the goal is met', () => {
    const { parts } = aRun('2026-12-01T00:00:00.000Z', [90, 110, 120]);
    expect(describeResults(parts)).toContain('rate     110   90.0   120  1/s  at least 100: met');
  });
});

describe('the page', () => {
  it('draws a figure through the kept runs, quick ones left out, and is safe to open', () => {
    const folder = mkdtempSync(join(tmpdir(), 'perennial-bench-results-'));
    const runs = [aRun('2026-12-02T00:00:00.000Z', [80]), aRun('2026-12-01T00:00:00.000Z', [40])];
    [...runs, aRun('2026-11-01T00:00:00.000Z', [1], true)].forEach((run, index) => {
      writeFileSync(join(folder, `${index}.json`), JSON.stringify(run));
    });
    const html = page(aRun('2026-12-03T00:00:00.000Z', [90, 120]), keptRuns(folder));
    rmSync(folder, { recursive: true });
    expect([...html.matchAll(/<title>(\S+ \S+: .*?)<\/title>/g)].map(([, label]) => label)).toEqual([
      '2026-12-01 c01: 40.0 1/s',
      '2026-12-02 c02: 80.0 1/s',
      '2026-12-03 c03: 105 1/s',
    ]);
    expect(html).toContain('a &lt;fast&gt; one');
    expect(html).not.toMatch(/https?:|<script/);
  });

  it('refuses a file that is no result', () => {
    const folder = mkdtempSync(join(tmpdir(), 'perennial-bench-results-'));
    writeFileSync(join(folder, 'other.json'), '{}');
    expect(() => keptRuns(folder)).toThrow('other.json is no result of the bench');
    rmSync(folder, { recursive: true });
  });
});
