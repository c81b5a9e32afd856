import type { Drain } from '../run/drain';
import { extrapolations } from './extrapolation';
import { memoryFigures, type Size } from './sizes';

const GIB = 2 ** 30;
const drain = (heldMib: number): Drain => ({
  seconds: 1,
  rowsSeconds: 1,
  engineCpuSeconds: 2,
  brokerCpuSeconds: 1,
  databaseCpuSeconds: 1,
  busyElsewhere: 0,
  walBytes: 864_000_000,
  begunMib: 100,
  heldMib,
  peakMib: heldMib,
});

const sizeOf = (customers: number, heldMib: number): Size => ({
  customers,
  first: drain(heldMib),
  later: drain(heldMib),
  states: customers,
  stateBytes: 600 * customers,
  deadlines: customers,
  deadlineBytes: 200 * customers,
  logBytes: 2 * 270 * customers,
  factBytes: 2 * 900 * customers,
  takeOverSeconds: 10,
  benchMib: 100,
});

const valuesOf = (sizes: readonly Size[], name: string): number[] =>
  extrapolations(sizes)
    .filter((figure) => figure.name.endsWith(name))
    .flatMap(({ values }) => values);

it('memory per customer is what one size has more than the one before, up to a million', () => {
  const sizes = [sizeOf(100_000, 200), sizeOf(1_000_000, 500), sizeOf(5_000_000, 900)];
  expect(memoryFigures(sizes)).toEqual([
    {
      name: '100,000 to 1,000,000: memory per customer more',
      unit: 'bytes',
      values: [(300 * 1024 * 1024) / 900_000],
    },
  ]);
});

describe('an extrapolation', () => {
  const sizes = [sizeOf(100_000, 200), sizeOf(1_000_000, 500)];

  it('multiplies the largest size, for more customers than were measured', () => {
    expect(valuesOf(sizes, 'customer_state')).toEqual([(600 * 10_000_000) / GIB, (600 * 100_000_000) / GIB]);
    expect(valuesOf([...sizes, sizeOf(10_000_000, 900)], 'customer_state')).toHaveLength(1);
  });

  it('takes ten activities a day of each customer', () => {
    expect(valuesOf(sizes, 'activity topic a day')[0]).toBeCloseTo((10 * 270 * 10_000_000) / GIB);
    expect(valuesOf(sizes, 'engine, processors')[0]).toBeCloseTo((2 / 1_000_000) * (100_000_000 / 86_400));
    expect(valuesOf(sizes, 'WAL a day')[0]).toBeCloseTo((10 * 864 * 10_000_000) / GIB);
  });

  it('takes memory only from sizes that are far apart', () => {
    expect(valuesOf(sizes, 'memory to cache all')[0]).toBeCloseTo(((300 * 2 ** 20) / 900_000 / GIB) * 10_000_000);
    expect(valuesOf([sizeOf(10_000, 200), sizeOf(100_000, 400)], 'memory to cache all')).toEqual([]);
  });

  it('says nothing where nothing was measured', () => {
    expect(extrapolations([])).toEqual([]);
  });
});
