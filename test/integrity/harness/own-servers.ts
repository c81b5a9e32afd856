/** Servers that a spec may break: a PostgreSQL and a broker of its own, ended and started again on their data. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FreshDatabase } from '@perennial/testing';
import { findJava, freePorts, kafkaJars, type ServerProcess, startKafka, startPostgres } from '@perennial/dev-stack';

export interface OwnServer {
  /** Ends it at once and starts it again on its data. */
  readonly restart: () => Promise<void>;
  readonly kill: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>;
  readonly folder: string;
}

export async function ownPostgres(): Promise<OwnServer & { readonly database: FreshDatabase }> {
  const [port = 0] = await freePorts([null]);
  const settings = ['fsync=off', 'full_page_writes=off'];
  const folder = newFolder('postgres');
  let url = '';
  const server = await owned(folder, async () => {
    const started = await startPostgres({
      folder: join(folder, 'postgres'),
      port,
      password: 'perennial',
      logFile: join(folder, 'log'),
      settings,
    });
    url = started.url;
    return started.server;
  });
  return { ...server, database: { url, drop: () => Promise.resolve() } };
}

export async function ownBroker(): Promise<OwnServer & { readonly brokers: string }> {
  const [broker = 0, controller = 0] = await freePorts([null, null]);
  const java = findJava(process.env['JAVA_HOME'] ?? null);
  if (java.kind !== 'found') throw new Error('The broker needs Java 17 or newer: node deploy/dev/require.js');
  const cache = process.env['PERENNIAL_CACHE'] ?? join(homedir(), '.cache', 'perennial');
  const jars = kafkaJars(join(__dirname, '../../../deploy/dev/pom.xml'), cache).folder;
  const folder = newFolder('kafka');
  const start = async () => {
    const properties = { 'group.min.session.timeout.ms': '500' };
    const ports = { broker, controller };
    const log = join(folder, 'log');
    return (await startKafka({ folder, java: java.command, jars, ports, logFile: log, properties })).server;
  };
  return { ...(await owned(folder, start)), brokers: `127.0.0.1:${broker}` };
}

function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `perennial-own-${name}-`));
  // The server of root runs as another user.
  chmodSync(folder, 0o755);
  return folder;
}

async function owned(folder: string, start: () => Promise<ServerProcess>): Promise<OwnServer> {
  let server = await start();
  return {
    folder,
    kill: () => server.kill(),
    restart: async () => {
      await server.kill();
      server = await start();
    },
    remove: async () => {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
