import type { EngineStore } from '@perennial/engine';
import type { InMemoryStore } from '../in-memory-store';
import type { Ports } from './equip';

/** A guarantee broken on purpose, to see that the simulation notices. */
export interface Sabotage {
  /** Within the database, behind the network. */
  readonly database?: (store: InMemoryStore) => EngineStore;
  /** Within each process. */
  readonly ports?: (ports: Ports) => Ports;
}
