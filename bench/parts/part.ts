import type { PartResult } from '../report/figure';
import type { Peer } from '../run/peer';
import type { Servers } from '../run/servers';
import type { Options } from '../options';

/** What every part works with. */
export interface Bench {
  readonly options: Options;
  readonly servers: Servers;
  readonly peer: Peer;
  /** One line on stderr. */
  readonly say: (line: string) => void;
}

export type Part = (bench: Bench) => Promise<PartResult>;
