import type { ServiceTypes } from './handler';
import type { Limits } from './limits';
import type { LeaseTimes } from './ownership/lease';
import type { CrashPoints } from './ports';
import type { ProcessorOptions } from './processor';

/** What all partitions of a processor share: its options, complete. */
export interface Shared<S extends ServiceTypes> extends ProcessorOptions<S> {
  readonly random: () => number;
  readonly crash: CrashPoints;
  readonly limits: Limits;
  readonly lease: LeaseTimes;
}
