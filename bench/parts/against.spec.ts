import { isMet, median } from '../report/figure';
import { type Comparison, comparisonFigures } from './against';
import type { Run } from './rounds';

const aRun = (cpuSeconds: number, more: Partial<Run> = {}): Run => ({
  rate: 1_000,
  readableSeconds: 1,
  cpuSeconds,
  brokerCpuSeconds: 2,
  databaseCpuSeconds: 3,
  busyElsewhere: 0,
  peakMib: 100,
  ...more,
});
const judged = (...comparisons: readonly Comparison[]) =>
  comparisonFigures('uniform', 'abc1234', 1_000_000, comparisons).find(
    ({ name }) => name === 'uniform: ours / abc1234, processor time per activity',
  );

it('adds engine, broker and database, and judges the median of the ratios of each round', () => {
  const slowMachine = { ours: aRun(20), other: aRun(20) };
  const figure = judged({ ours: aRun(15), other: aRun(5) }, slowMachine, { ours: aRun(5), other: aRun(5) });
  expect(figure?.values).toEqual([2, 1, 1]);
  expect(median(figure?.values ?? [])).toBe(1);
  expect(figure === undefined ? null : isMet(figure)).toBe(true);
});

it('is missed above 3 % more', () => {
  const figure = judged({ ours: aRun(5.31), other: aRun(5) });
  expect(figure === undefined ? null : isMet(figure)).toBe(false);
});
