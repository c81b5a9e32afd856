/**
 * Servers of the development stack as child processes.
 *
 * 1. A server runs in a process group of its own: Ctrl-C reaches this process alone, which ends its servers in order.
 * 2. However this process ends short of SIGKILL, its servers are told to end too (`exit` hook).
 * 3. After a SIGKILL of this process the next start finds its servers by pid and start time;
 *    therefore `onSpawn` is called before anything else happens with a server.
 * 4. A server that does not become ready is ended before the error is thrown.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity, signal } from './process-identity';
import type { ServerUser } from './server-user';
import { waitFor } from './wait-for';

interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly user?: ServerUser | undefined;
  /** File for its stdout and stderr; that of the run before is kept beside it as `.previous`. */
  readonly logFile: string;
  /** Asks it to end orderly. */
  readonly gentle: NodeJS.Signals;
  /** Ends it now, its own children included. */
  readonly forced: NodeJS.Signals;
  /** Whether it accepts work; polled every 50 ms. */
  readonly ready: (pid: number) => boolean;
}

/** How the caller observes and aborts a start. */
export interface Startup {
  readonly onSpawn?: ((server: RecordedProcess) => void) | undefined;
  /** Aborts the start. */
  readonly abort?: AbortSignal | undefined;
}

/** What is written down about a running server. */
export interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  readonly gentle: NodeJS.Signals;
}

export interface ServerProcess {
  readonly name: string;
  /** Resolves with how it ended, whoever ended it. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends it orderly; by SIGKILL when that takes more than 20 s. */
  stop(): Promise<void>;
  /** Ends it now. */
  kill(): Promise<void>;
}

const GRACE_MS = 20_000;
const START_MS = 120_000;
const running = new Set<RecordedProcess>();

process.once('exit', () => {
  for (const server of running) signal(server, server.gentle);
});

/** Starts a server and waits until it is ready (at most 120 s). If it ends before, the error holds the last lines of its log. */
export async function startServer(options: ServerCommand, startup: Startup = {}): Promise<ServerProcess> {
  const { name, gentle, forced, logFile, ready } = options;
  startup.abort?.throwIfAborted();
  const child = spawnDetached(options);
  const ended = endOf(child);
  const pid = await pidOf(child);
  const recorded = { ...(identify(pid) ?? { pid, started: '' }), name, gentle };
  running.add(recorded);
  const end = endingOf(recorded, ended);
  const server = { name, ended, stop: () => end(gentle), kill: () => end(forced) };
  try {
    startup.onSpawn?.(recorded);
    const early = { how: '' };
    void ended.then((how) => (early.how = how));
    await waitFor(`${name} to start`, () => (early.how !== '' || ready(pid) ? true : null), {
      timeoutMs: START_MS,
      ...startup,
    });
    if (early.how !== '')
      throw new Error(`${name} did not start (${early.how}). ${logFile} ends with:\n${lastLines(logFile)}`);
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

function endingOf(recorded: RecordedProcess, ended: Promise<string>): (how: NodeJS.Signals) => Promise<void> {
  void ended.then(() => running.delete(recorded));
  return async (how) => {
    signal(recorded, how);
    const inTime = new AbortController();
    pause(GRACE_MS, undefined, { signal: inTime.signal }).then(
      () => signal(recorded, 'SIGKILL'),
      () => false,
    );
    await ended;
    inTime.abort();
  };
}

function spawnDetached({ command, args, logFile, user }: ServerCommand): ChildProcess {
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.previous`);
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(command, args, { cwd: '/', detached: true, stdio: ['ignore', log, log], ...user });
  } finally {
    closeSync(log);
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, by) => {
      resolve(by === null ? `exit code ${String(code)}` : `signal ${by}`);
    });
  });
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}

/** Appends a started server to `file` (a line of JSON), for `endRecorded` of the next start should this process be killed. */
export function recordProcess(file: string, server: RecordedProcess): void {
  appendFileSync(file, `${JSON.stringify(server)}\n`, { mode: 0o600 });
}

/** Ends the recorded servers that still run, newest first, and forgets them. Returns the names of those it ended. */
export async function endRecorded(file: string): Promise<readonly string[]> {
  const orphans = recorded(file).filter(isRunning);
  for (const orphan of orphans.toReversed()) await end(orphan);
  rmSync(file, { force: true });
  return orphans.map(({ name }) => name);
}

async function end(orphan: RecordedProcess): Promise<void> {
  const gone = (): true | null => (isRunning(orphan) ? null : true);
  signal(orphan, orphan.gentle);
  try {
    await waitFor(`${orphan.name} (process ${orphan.pid}) to end`, gone, { timeoutMs: 20_000 });
  } catch {
    signal(orphan, 'SIGKILL');
    await waitFor(`${orphan.name} (process ${orphan.pid}) to end after SIGKILL`, gone, { timeoutMs: 10_000 });
  }
}

function recorded(file: string): RecordedProcess[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1); // what a kill left half-written has no line end
  return lines.map((line) => JSON.parse(line) as RecordedProcess);
}
