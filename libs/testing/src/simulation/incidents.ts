/** What befalls processes and links until faults end; each incident ends by itself. */
import type { Chance } from './chance';
import type { Cluster } from './cluster';
import type { Link } from './network';
import type { Scheduler } from './scheduler';
import type { Settings } from './settings';

const KINDS = ['kill', 'freeze', 'freeze', 'rejoin', 'stop', 'outage', 'slowness', 'clock jump'] as const;
const LONGEST_OUTAGE_MS = 2_000;
const LONGEST_JUMP_MS = 5_000;

export function planIncidents(cluster: Cluster, settings: Settings, scheduler: Scheduler, chance: Chance): void {
  for (let count = 0; count < settings.incidents; count++) {
    const kind = chance.pick(KINDS);
    const slot = chance.between(0, settings.instances - 1);
    const at = chance.between(0, settings.calmAt - 1);
    scheduler.after(at, `incident: ${kind}`, () => {
      happen(kind, slot, { cluster, settings, scheduler, chance });
    });
  }
}

interface Scene {
  readonly cluster: Cluster;
  readonly settings: Settings;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
}

function happen(kind: (typeof KINDS)[number], slot: number, { cluster, settings, scheduler, chance }: Scene): void {
  const link = chance.pick([settings.links.store, settings.links.log]);
  switch (kind) {
    case 'kill':
      cluster.kill(slot);
      return;
    case 'freeze':
      cluster.freeze(slot);
      return;
    case 'rejoin':
      cluster.rejoin(slot);
      return;
    case 'stop':
      cluster.stopAndStart(slot);
      return;
    case 'outage':
      forAWhile('away', link, scheduler, chance);
      return;
    case 'slowness':
      forAWhile('slow', link, scheduler, chance);
      return;
    case 'clock jump':
      cluster.jump(slot, chance.between(-LONGEST_JUMP_MS, LONGEST_JUMP_MS));
  }
}

function forAWhile(what: 'away' | 'slow', link: Link, scheduler: Scheduler, chance: Chance): void {
  link[what] += 1;
  scheduler.after(chance.between(1, LONGEST_OUTAGE_MS), `no longer ${what}`, () => {
    link[what] -= 1;
  });
}
