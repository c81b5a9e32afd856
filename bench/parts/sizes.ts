/** What the sizes of scale say. */
import { type Figure, figure } from '../report/figure';
import type { Drain } from '../run/drain';

/** What was measured with so many customers. */
export interface Size {
  readonly customers: number;
  /** The first activity of each. */
  readonly first: Drain;
  /** A later activity of each, whose state is in no cache. */
  readonly later: Drain;
  readonly states: number;
  readonly stateBytes: number;
  readonly deadlines: number;
  readonly deadlineBytes: number;
  /** What the activities and the facts of both passes take in the topics. */
  readonly logBytes: number;
  readonly factBytes: number;
  readonly takeOverSeconds: number;
  /** The most that the bench itself has taken so far. */
  readonly benchMib: number;
}

/** Activities of each customer. */
const EACH = 2;
const MICROSECONDS = 1_000_000;
const MIB = 1024 * 1024;
const CACHED_AT_MOST = 1_000_000;

export function sizeFigures(size: Size): Figure[] {
  const { customers, first, later, stateBytes, deadlineBytes, logBytes, factBytes, takeOverSeconds, benchMib } = size;
  const named = (what: string, unit: string, value: number): Figure =>
    figure(`${name(customers)}: ${what}`, unit, [value]);
  const ofPass = (pass: string, drain: Drain): Figure[] =>
    COLUMNS.map(([what, unit, of]) => named(`${pass}, ${what}`, unit, of(drain, customers)));
  return [
    ...ofPass('first', first),
    ...ofPass('later', later),
    named('customer_state per customer', 'bytes', stateBytes / customers),
    named('deadline per customer', 'bytes', deadlineBytes / customers),
    named('activity topic per activity', 'bytes', logBytes / (EACH * customers)),
    named('topics of facts per activity', 'bytes', factBytes / (EACH * customers)),
    named('take-over of all partitions', 's', takeOverSeconds),
    named('bench, peak memory so far', 'MiB', benchMib),
  ];
}

type Column = readonly [what: string, unit: string, of: (drain: Drain, activities: number) => number];

const COLUMNS: readonly Column[] = [
  ['rate', '1/s', ({ seconds }, activities) => activities / seconds],
  ['engine, processor time per activity', 'µs', (drain, n) => (drain.engineCpuSeconds / n) * MICROSECONDS],
  ['broker, processor time per activity', 'µs', (drain, n) => (drain.brokerCpuSeconds / n) * MICROSECONDS],
  ['database, processor time per activity', 'µs', (drain, n) => (drain.databaseCpuSeconds / n) * MICROSECONDS],
  ['processors busy elsewhere meanwhile', 'processors', ({ busyElsewhere }) => busyElsewhere],
  ['WAL per activity', 'bytes', ({ walBytes }, activities) => walBytes / activities],
  ['last commit to rows up to date', 's', ({ rowsSeconds }) => rowsSeconds],
  ['engine, memory when it was up', 'MiB', ({ begunMib }) => begunMib],
  ['engine, memory afterwards', 'MiB', ({ heldMib }) => heldMib],
  ['engine, peak memory', 'MiB', ({ peakMib }) => peakMib],
];

/** Between one size and the next: what the engine has beside its cache is the same in both. */
export interface MemoryMore {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/** Sizes that are certain to fit into the cache, and that take more than the engine's own comings and goings. */
export function memoryPerCustomer(sizes: readonly Size[]): MemoryMore[] {
  const fitting = sizes.filter(({ customers }) => customers <= CACHED_AT_MOST);
  return fitting.slice(1).map(({ customers: to, first }, index) => {
    const { customers: from = 0, first: before = first } = fitting[index] ?? {};
    return { from, to, bytes: ((first.heldMib - before.heldMib) * MIB) / (to - from) };
  });
}

export function memoryFigures(sizes: readonly Size[]): Figure[] {
  return memoryPerCustomer(sizes).map(({ from, to, bytes }) =>
    figure(`${name(from)} to ${name(to)}: memory per customer more`, 'bytes', [bytes]),
  );
}

export function describeSize({ customers, first, later }: Size): string {
  const rate = ({ seconds }: Drain): string => `${(customers / seconds / 1000).toFixed(1)} k/s`;
  return `${name(customers)} customers: first ${rate(first)}, later ${rate(later)}`;
}

const name = (customers: number): string => customers.toLocaleString('en-GB');
