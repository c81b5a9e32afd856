/** Somebody who reads the log and appends to it, but has no key: copies what the installation signed. */
import { hasHeader, type LogRecord, SIGNATURE_HEADER, TOPIC } from '@perennial/contracts';
import type { Chance } from './chance';
import type { Scheduler } from './scheduler';
import type { World } from './world';

const MOST_COPIES = 8;

/** Commands of the world and clock records of the engines, each appended again to its own partition or to another. */
export function planCopies(world: World, until: number, scheduler: Scheduler, chance: Chance): void {
  for (let count = chance.between(0, MOST_COPIES); count > 0; count--) {
    scheduler.after(chance.between(1, until), 'a signed record is copied', () => {
      const from = chance.between(0, world.partitions - 1);
      const signed = (world.activity[from] ?? []).filter(isSigned);
      const copied = signed[chance.between(0, Math.max(0, signed.length - 1))];
      if (copied === undefined) return;
      const { key, value, headers } = copied;
      const partition = chance.happens(0.9) ? from : chance.between(0, world.partitions - 1);
      void world.append([{ topic: TOPIC.activity, partition, key, value, headers }]);
    });
  }
}

const isSigned = ({ headers }: LogRecord): boolean => hasHeader(headers, SIGNATURE_HEADER);
