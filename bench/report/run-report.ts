import type { Options } from '../options';
import type { PartResult } from './figure';
import type { Setting } from './setting';

/** A run of the bench as it is kept; the format of --json. */
export interface RunReport {
  readonly format: 1;
  readonly setting: Setting;
  readonly options: Pick<Options, 'rounds' | 'events' | 'customers' | 'partitions' | 'quick'>;
  readonly servers: Readonly<Record<string, string>>;
  readonly peer: string;
  readonly parts: readonly PartResult[];
}
