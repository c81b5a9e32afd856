import { setTimeout as wait } from 'node:timers/promises';
import type { PartitionProgress } from '@perennial/store';
import { openLateProgress } from '@perennial/command-line';
import type { Connection } from '../connection';

const INTERVAL_MS = 50;
/** After so long without a step of any partition it is said which stand still. */
const SAID_AFTER_MS = 5_000;
/** Longer than any pause of a healthy engine: taking partitions over after a kill, a restart of the broker. */
const STANDSTILL_MS = 120_000;

interface Waiting {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Ms without any step after which it is given up; default two minutes. */
  readonly patience?: number;
}

/**
 * Resolves when every partition has committed the record at its offset. Rejects when nothing moved for `patience` ms, and with
 * the reason of `signal` when that aborts.
 */
export async function awaitTaken(
  { reports }: Pick<Connection, 'reports'>,
  offsets: ReadonlyMap<number, number>,
  { say, signal, patience = STANDSTILL_MS }: Waiting,
): Promise<void> {
  const first = behind(offsets, await reports.progress());
  const total = recordsOf(first);
  const progress = openLateProgress({ title: `waiting for ${partitionsOf(first)}`, unit: 'records', total });
  let [left, since, isSaid] = [total, performance.now(), false];
  try {
    for (let late = first; late.length > 0; late = behind(offsets, await reports.progress())) {
      const now = recordsOf(late);
      if (now !== left) [left, since, isSaid] = [now, performance.now(), false];
      const still = performance.now() - since;
      if (still > patience) throw standstill(late);
      if (still > SAID_AFTER_MS && !isSaid) {
        say(`No engine moves ${placesOf(late)}. What was sent is taken as soon as one does. Ctrl-C ends the waiting.`);
        isSaid = true;
      } else if (!isSaid) progress.update(total - left);
      await wait(INTERVAL_MS, undefined, { signal });
    }
  } finally {
    progress.stop();
  }
}

/** A partition that has not come past its offset. */
interface Late {
  readonly partition: number;
  readonly nextOffset: number;
  readonly offset: number;
}

function behind(offsets: ReadonlyMap<number, number>, rows: readonly PartitionProgress[]): readonly Late[] {
  const reached = new Map(rows.map(({ partition, nextOffset }) => [partition, nextOffset]));
  return [...offsets]
    .map(([partition, offset]) => ({ partition, offset, nextOffset: reached.get(partition) ?? 0 }))
    .filter(({ nextOffset, offset }) => nextOffset <= offset);
}

const recordsOf = (late: readonly Late[]): number =>
  late.reduce((sum, { nextOffset, offset }) => sum + offset + 1 - nextOffset, 0);

const partitionsOf = (late: readonly Late[]): string =>
  `partition${late.length === 1 ? '' : 's'} ${late.map(({ partition }) => partition).join(', ')}`;

const placesOf = (late: readonly Late[]): string =>
  late
    .map(({ partition, nextOffset, offset }) => `partition ${partition} from ${nextOffset} to ${offset + 1}`)
    .join(', ');

const standstill = (late: readonly Late[]): Error =>
  new Error(
    `No engine has moved ${placesOf(late)} for a long time. What was sent is in the log, and is taken as soon as one runs. See its log, and \`perennial doctor\`.`,
  );
