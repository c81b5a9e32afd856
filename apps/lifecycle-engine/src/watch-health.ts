/** Health of the engine: `ready` while broker and database answer and no partition stands still; `live` is left to the process. */
import type { EngineObserver } from '@perennial/engine';
import { HEALTHY, type Health, type HealthRegistry } from '@perennial/observability';
import type { StreamObserver } from '@perennial/stream';

export interface HealthWatch {
  readonly engine: Pick<EngineObserver, 'retrying' | 'recovered' | 'stopped' | 'released' | 'claimed'>;
  readonly stream: Pick<StreamObserver, 'link'>;
  /** Start-up has ended: layout checked, consumer running. */
  started(): void;
}

export function watchHealth(health: HealthRegistry): HealthWatch {
  const away = new Map<string, string>();
  const stopped = new Map<number, string>();
  let claimed = false;
  let starting = true;
  health.add('ready', 'start', () =>
    starting ? { ok: false, reason: 'starting: waits for broker and database' } : HEALTHY,
  );
  health.add('ready', 'partitions', () => (claimed ? HEALTHY : { ok: false, reason: 'no partition is assigned yet' }));
  health.add('ready', 'dependencies', () => firstOf(away));
  health.add('ready', 'log', () => firstOf(stopped));
  return {
    engine: {
      retrying: (what, partition, error) => away.set(`${what} of partition ${partition}`, error.message),
      recovered: (what, partition) => away.delete(`${what} of partition ${partition}`),
      stopped: (partition, reason) => stopped.set(partition, `partition ${partition} stands still: ${reason}`),
      released: (partition) => {
        stopped.delete(partition);
        for (const name of away.keys()) if (name.endsWith(` of partition ${partition}`)) away.delete(name);
      },
      claimed: (partition) => {
        claimed = true;
        stopped.delete(partition);
      },
    },
    stream: {
      link: ({ link, state, reason }) => {
        if (state === 'waiting') away.set(link, reason ?? 'not connected');
        else away.delete(link);
      },
    },
    started: () => {
      starting = false;
    },
  };
}

function firstOf(reasons: ReadonlyMap<unknown, string>): Health {
  const [first] = reasons;
  return first === undefined
    ? HEALTHY
    : { ok: false, reason: typeof first[0] === 'string' ? `${first[0]}: ${first[1]}` : first[1] };
}
