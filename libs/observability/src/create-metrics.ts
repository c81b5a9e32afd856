import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry with what every service shows: event-loop delay, garbage collection, memory, CPU. One per service. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
