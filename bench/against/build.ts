/**
 * What the bench takes from a build: that of its own code, or that of another commit.
 *
 * The log of a build is written by its own loader, since commands and clock records are signed as its engine checks them;
 * progress is read by its own inspection, since that knows its tables. A commit that moves or reshapes these three can be
 * compared with no earlier one.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadHistory } from '../load/loader';
import { Installation } from '../run/engine';
import { Site } from '../run/site';
import type { Checkout } from './checkout';

export interface Build {
  /** In figures, e.g. `ours`. */
  readonly name: string;
  readonly Site: typeof Site;
  readonly Installation: typeof Installation;
  readonly loadHistory: typeof loadHistory;
}

export const OURS: Build = { name: 'ours', Site, Installation, loadHistory };

export function buildOf({ hash, folder }: Checkout): Build {
  const built = createRequire(join(folder, 'dist/bench/main.js'));
  return {
    name: hash.slice(0, 7),
    ...(built('./run/site') as Pick<Build, 'Site'>),
    ...(built('./run/engine') as Pick<Build, 'Installation'>),
    ...(built('./load/loader') as Pick<Build, 'loadHistory'>),
  };
}
