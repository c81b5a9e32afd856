import type { Environment, ToolEnvironment } from '@perennial/config';
import { InvalidInput } from '@perennial/values';
import type { Log } from '@perennial/stream';
import { join } from 'node:path';
import { z } from 'zod';
import { freePorts } from './free-ports';
import { keyFrom, privateFolder, readJsonFile, writeJsonFile, writeKeysIn } from './stack-files';
import type { OpenParts } from './open-parts';
import { startPostgres } from './postgres';
import { endRecorded, type RecordedProcess, recordProcess, type Startup } from './server-process';
import { loadService, startLogged } from './service';
import { clearHome, type StackHome } from './stack-home';
import { ownKey, ownWriteKeys, type StackState, stackVariables } from './stack-state';
import { type StartedLog, startLog } from './start-log';

export interface StackOptions {
  readonly environment: ToolEnvironment;
  /** Deletes all data first. */
  readonly reset: boolean;
  /** Tells people what goes on. */
  readonly say: (line: string) => void;
  /** Called once the servers run and before the services start, if this process starts the stack. */
  readonly beforeServices?: (stack: Stack) => Promise<void>;
}

/** A running stack. */
export interface Stack {
  /** Whether this process started it; if not, it outlives this process. */
  readonly own: boolean;
  readonly home: StackHome;
  readonly state: StackState;
  /** The variables that lead to it, for `readEnvironment`. */
  readonly environment: Environment;
  /** The log, when it lives in this process. */
  readonly log: Log | null;
}

/** In the order in which they start, each with the variable of its port. */
const SERVICES = [
  { name: 'lifecycle-engine', port: 'HTTP_PORT' },
  { name: 'collector', port: 'COLLECTOR_PORT' },
] as const;
/** Reused from run to run while they are free, so that noted addresses stay valid. */
const portsSchema = z.object({
  postgres: z.number(),
  broker: z.number(),
  controller: z.number(),
  served: z.number(),
  'lifecycle-engine': z.number(),
  collector: z.number(),
});
type Ports = z.output<typeof portsSchema>;

/** Starts database, log and services; what has started is in `parts`, also when this fails half-way. */
export async function raiseStack(
  home: StackHome,
  parts: OpenParts,
  options: StackOptions,
  abort: AbortSignal,
): Promise<Stack> {
  await clearAway(home, options);
  privateFolder(home.logs);
  if (!options.environment.hasKey) keyFrom(ownKey(home));
  if (!options.environment.hasWriteKeys) writeKeysIn(ownWriteKeys(home));
  const ports = await choosePorts(home);
  const { database, address, log } = await startServers(home, parts, ports, options, abort);
  const state = { log: address, database, services: [] };
  const environment = stackVariables(home, state, options.environment);
  const stack = { own: true, home, state, environment, log };
  abort.throwIfAborted();
  await options.beforeServices?.(stack);
  const services = await startServices(parts, stack, ports, options.say, abort);
  return { ...stack, state: { ...state, services } };
}

/** Starts both servers at once. If one fails, the other's start is aborted and awaited, so that no server starts unnoticed. */
async function startServers(
  home: StackHome,
  parts: OpenParts,
  ports: Ports,
  options: StackOptions,
  abort: AbortSignal,
): Promise<StartedLog & Pick<StackState, 'database'>> {
  const otherFailed = new AbortController();
  const both = {
    ...options,
    abort: AbortSignal.any([abort, otherFailed.signal]),
    onSpawn: (server: RecordedProcess) => {
      recordProcess(home.processes, server);
    },
  };
  const starts = [startDatabase(home, parts, ports.postgres, both), startLog(home, parts, ports, both)] as const;
  try {
    const [database, log] = await Promise.all(starts);
    return { ...log, database };
  } catch (error) {
    otherFailed.abort();
    await Promise.allSettled(starts);
    throw error;
  }
}

/** Ends servers that a killed process left behind, and with `reset` deletes the data. */
async function clearAway(home: StackHome, { environment, reset, say }: StackOptions): Promise<void> {
  if (reset && (environment.log.kind === 'brokers' || environment.database !== null)) {
    throw new InvalidInput(
      'STACK.RESET_OF_OTHERS',
      '--reset deletes the data of the development stack only. With KAFKA_BROKERS, DATABASE_URL or DATABASE_URLS set, empty those yourself.',
    );
  }
  const ended = await endRecorded(home.processes);
  if (ended.length > 0) say(`Ended ${ended.join(' and ')}, left behind by a run that was killed.`);
  if (reset) clearHome(home);
}

async function choosePorts(home: StackHome): Promise<Ports> {
  const last = readJsonFile(home.ports, portsSchema.partial());
  const names = portsSchema.keyof().options;
  const free = await freePorts(names.map((name) => last?.[name] ?? null));
  const ports = portsSchema.parse(Object.fromEntries(names.map((name, index) => [name, free[index]])));
  writeJsonFile(home.ports, ports);
  return ports;
}

async function startDatabase(
  home: StackHome,
  parts: OpenParts,
  port: number,
  options: StackOptions & Startup,
): Promise<StackState['database']> {
  if (options.environment.database !== null) return options.environment.database;
  options.say('Starting PostgreSQL.');
  const password = keyFrom(join(home.keys, 'postgres'));
  const logFile = join(home.logs, 'postgres.log');
  const { url, server } = await startPostgres({ folder: home.postgres, port, password, logFile, ...options });
  parts.servers.database = server;
  return { variable: 'DATABASE_URL', value: url };
}

async function startServices(
  parts: OpenParts,
  { environment: variables, log, home }: Stack,
  ports: Ports,
  say: StackOptions['say'],
  abort: AbortSignal,
): Promise<StackState['services']> {
  const services: StackState['services'] = [];
  for (const { name, port } of SERVICES) {
    const service = await loadService(name);
    abort.throwIfAborted();
    const environment = { ...variables, [port]: variables[port] ?? String(ports[name]) };
    const running = await startLogged(service, { environment, log, abort }, home, say);
    parts.services.push(running);
    services.push({ name, url: running.url });
  }
  return services;
}
