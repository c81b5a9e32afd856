import type { Database } from '@perennial/store';
import type { FakeDatabase } from '../fake-database/fake-database';
import type { Ports } from './equip';
import type { CreateEngine } from './instance';

/** A guarantee broken on purpose, to see that the simulation notices. */
export interface Sabotage {
  /** Within the database, behind the network. */
  readonly database?: (database: FakeDatabase) => Database;
  /** Within each process. */
  readonly ports?: (ports: Ports) => Ports;
  /** In place of the engine of each process. */
  readonly engine?: CreateEngine;
}
