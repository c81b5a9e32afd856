import { HEALTHY, type HealthRegistry } from '@perennial/observability';
import type { StreamObserver } from '@perennial/stream';

export interface HealthWatch {
  readonly link: StreamObserver['link'];
  /** The log was reached for the first time. */
  started(): void;
}

/** `ready` while the log answers: then activities are accepted. */
export function watchHealth(health: HealthRegistry): HealthWatch {
  let away: string | null = 'starting: waits for the broker';
  health.add('ready', 'log', () => (away === null ? HEALTHY : { ok: false, reason: away }));
  return {
    link: ({ state, reason }) => {
      if (state === 'waiting') away = reason ?? 'not connected';
      if (state === 'connected') away = null;
    },
    started: () => {
      away = null;
    },
  };
}
