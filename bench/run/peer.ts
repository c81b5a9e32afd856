/** The Kafka Streams peer: built once from its sources, then a process for each run. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environmentWith } from '@perennial/config';
import { haveMaven } from '@perennial/dev-stack';
import { Program } from './program';
import type { Servers } from './servers';

export type Peer =
  | { readonly kind: 'built'; readonly jar: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** What `run` of the peer says in the end; see its README. */
export interface PeerReport {
  readonly drained: boolean;
  readonly events: number;
  readonly seconds: number;
  readonly secondsToLagZero: number | null;
  readonly cpuSeconds: number;
  readonly maxRssMib: number | null;
  readonly options: Readonly<Record<string, unknown>>;
}

const JVM = ['-XX:+UseParallelGC', '-Xmx1g'];

export async function buildPeer(sources: string, { cache, java }: Servers, say: (line: string) => void): Promise<Peer> {
  if (!existsSync(join(sources, 'pom.xml'))) return missing(`its sources are not in ${sources} (--peer FOLDER)`);
  if (java === null) return missing('there is no Java 17 or newer');
  const jar = join(cache, `kafka-streams-peer-${hashOf(sources)}.jar`);
  if (existsSync(jar)) return { kind: 'built', jar };
  if (!haveMaven()) return missing('there is no Maven to build it with');
  say('Building the Kafka Streams peer (once).');
  const folder = `${jar}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    cpSync(sources, folder, { recursive: true });
    await promisify(execFile)('mvn', ['-q', '-B', '-f', join(folder, 'pom.xml'), 'package']);
    renameSync(join(folder, 'target/peer.jar'), jar);
    return { kind: 'built', jar };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a subcommand of the peer. */
export function startPeer(jar: string, servers: Servers, brokers: string, args: readonly string[]): Program {
  const stateDir = join(servers.folder, 'peer-state');
  return new Program({
    name: 'peer',
    command: servers.java ?? 'java',
    args: [...JVM, '-jar', jar, ...args, '--bootstrap', brokers, '--state-dir', stateDir],
    environment: environmentWith({}),
    onSpawn: servers.onSpawn,
  });
}

/** Works through a topic from its start and ends. */
export async function runPeer(
  jar: string,
  servers: Servers,
  brokers: string,
  input: string,
  output: string,
): Promise<PeerReport> {
  const args = ['run', '--in', input, '--out', output, '--exit-when-drained', '--reset', 'true'];
  const program = startPeer(jar, servers, brokers, args);
  await program.finished();
  return JSON.parse(program.out) as PeerReport;
}

const missing = (reason: string): Peer => ({ kind: 'missing', reason });

/** Of the names and contents of all files, so that changed sources are built again. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(folder, name);
    if (statSync(file).isFile()) hash.update(name).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 8);
}
