import type { Emission } from '@perennial/contracts';
/** Gives a new process its engine and everything the engine needs, each thing over the simulated network. */
import type { EngineStore, Plans } from '@perennial/engine';
import type { Publisher } from '@perennial/processor';
import { createEngineStore, type Database } from '@perennial/store';
import type { Chance } from './chance';
import type { Cluster } from './cluster';
import { crashPlan } from './crash-plan';
import { KEY } from './installation-key';
import { Instance } from './instance';
import type { Network } from './network';
import { watchHandOvers } from './hand-overs';
import { remoteDatabase, remotePublisher } from './remote-ports';
import type { Sabotage } from './sabotage';
import type { Scheduler } from './scheduler';
import type { Settings } from './settings';
import { VirtualProcess } from './virtual-process';
import type { World } from './world';

/** What a process has of the outside world. */
export interface Ports {
  /** What the store asks. */
  readonly database: Database;
  readonly store: EngineStore;
  readonly publisher: Publisher<Emission>;
}

export interface Scene {
  readonly settings: Settings;
  readonly scheduler: Scheduler;
  readonly world: World;
  readonly network: Network;
  readonly plans: Plans;
  readonly cluster: () => Cluster;
  readonly sabotage: Sabotage;
  readonly fail: (difference: string) => void;
}

export function equip(name: string, slot: number, chance: Chance, scene: Scene): Instance {
  const { world, plans, settings, scheduler, cluster, fail } = scene;
  const { lease, limits, skew, crash } = settings;
  const process = new VirtualProcess(name, scheduler, chance, chance.between(-skew, skew));
  const honest = portsOf(process, chance, scene);
  const { store, publisher } = scene.sabotage.ports?.(honest) ?? honest;
  const instance: Instance = new Instance(process, {
    world,
    plans,
    options: { key: KEY, limits, lease },
    store: watchHandOvers(store, (partition) => {
      world.overlaps.push(`at ${scheduler.now} ${name} claims partition ${partition} before it has handed it over`);
    }),
    publisher,
    create: scene.sabotage.engine,
    crash: crashPlan(process, chance, crash, {
      kill: () => {
        cluster().killInstance(slot, instance);
      },
      freeze: () => {
        cluster().freezeInstance(instance);
      },
    }),
    note: (what) => {
      scheduler.trace.note(scheduler.now, `${name} ${what}`);
    },
    stopped: (partition, reason) => {
      fail(`partition ${partition} stopped: ${reason}`);
    },
  });
  return instance;
}

function portsOf(process: VirtualProcess, chance: Chance, { world, network, settings }: Scene): Ports {
  const { links, lease, store } = settings;
  const requests = { network, link: links.log, chance, requestTimeoutMs: lease.requestTimeoutMs };
  const database = remoteDatabase(process, world.databaseOf(process), network, links.store);
  return {
    database,
    store: createEngineStore(database, {
      ...store,
      random: () => chance.next(),
      now: () => process.time.monotonic(),
      wait: (ms) =>
        new Promise((resolve) => {
          process.time.after(ms, resolve);
        }),
    }),
    publisher: remotePublisher(process, (records, by) => world.write(records, by), requests),
  };
}
