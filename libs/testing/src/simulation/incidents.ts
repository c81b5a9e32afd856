/** What befalls processes and links until faults end; each incident ends by itself. */
import { ENGINE_GROUP, TOPIC } from '@perennial/contracts';
import type { Chance } from './chance';
import type { Cluster } from './cluster';
import type { Link } from './network';
import type { Scheduler } from './scheduler';
import type { Settings } from './settings';
import type { World } from './world';

const KINDS = [
  'kill',
  'freeze',
  'freeze',
  'rejoin',
  'rebalance',
  'rebalance',
  'stop',
  'outage',
  'slowness',
  'clock jump',
] as const;
const LONGEST_OUTAGE_MS = 2_000;
const LONGEST_VISIT_MS = 300;
const LONGEST_JUMP_MS = 5_000;

export function planIncidents(
  cluster: Cluster,
  world: World,
  settings: Settings,
  scheduler: Scheduler,
  chance: Chance,
): void {
  for (let count = 0; count < settings.incidents; count++) {
    const kind = chance.pick(KINDS);
    const slot = chance.between(0, settings.instances - 1);
    const at = chance.between(0, settings.calmAt - 1);
    scheduler.after(at, `incident: ${kind}`, () => {
      happen(kind, slot, { cluster, world, settings, scheduler, chance });
    });
  }
}

interface Scene {
  readonly cluster: Cluster;
  readonly world: World;
  readonly settings: Settings;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
}

function happen(kind: (typeof KINDS)[number], slot: number, scene: Scene): void {
  const { cluster, settings, scheduler, chance } = scene;
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
    case 'rebalance':
      rebalance(scene);
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

/**
 * A member without an engine comes and goes, as that of `perennial doctor` does: partitions are revoked and soon come back, often to
 * the same process, which may still be handing them over. Half the time publishing is slow meanwhile.
 */
function rebalance({ world, settings, scheduler, chance }: Scene): void {
  if (chance.happens(0.5)) forAWhile('slow', settings.links.log, scheduler, chance);
  const visitor = world.log.consumer({ topic: TOPIC.activity, group: ENGINE_GROUP });
  const nothing = (): void => undefined;
  void visitor.start({
    claim: () => Promise.resolve(null),
    revoke: nothing,
    batch: () => Promise.resolve(),
    stopped: nothing,
  });
  scheduler.after(chance.between(0, LONGEST_VISIT_MS), 'the visitor leaves', () => void visitor.stop());
}

function forAWhile(what: 'away' | 'slow', link: Link, scheduler: Scheduler, chance: Chance): void {
  link[what] += 1;
  scheduler.after(chance.between(1, LONGEST_OUTAGE_MS), `no longer ${what}`, () => {
    link[what] -= 1;
  });
}
