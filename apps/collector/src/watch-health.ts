import { HEALTHY, type HealthRegistry } from '@perennial/observability';
import type { StreamObserver } from '@perennial/stream';

export interface HealthWatch {
  readonly link: StreamObserver['link'];
  /** The log was reached for the first time. */
  started(): void;
}

const START = 'start';

/** `ready` while the log answers: then activities are accepted. */
export function watchHealth(health: HealthRegistry): HealthWatch {
  const away = new Map([[START, 'starting: waits for the broker']]);
  health.add('ready', 'log', () => {
    const [reason] = away.values();
    return reason === undefined ? HEALTHY : { ok: false, reason };
  });
  return {
    link: ({ link, state, reason }) => {
      if (state === 'waiting') away.set(link, reason ?? 'not connected');
      else away.delete(link);
    },
    started: () => {
      away.delete(START);
    },
  };
}
