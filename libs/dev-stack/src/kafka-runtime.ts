import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The jars of Kafka as `pom` names them. */
interface KafkaJars {
  readonly version: string;
  /** Exists once they are complete. */
  readonly folder: string;
  readonly pom: string;
}

/** Path of the jars, fetched or not. The folder's name holds a hash of pom.xml. */
export function kafkaJars(pom: string, cache: string): KafkaJars {
  const text = readFileSync(pom, 'utf8');
  const version = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([^<]+)</.exec(text)?.[1] ?? 'unknown';
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return { version, folder: join(cache, `kafka-${version}-${hash}`), pom };
}

export const haveJars = ({ folder }: KafkaJars): boolean => existsSync(folder);

export const haveMaven = (): boolean => spawnSync('mvn', ['--version']).error === undefined;

/** Fetches the jars with Maven. Several processes may do it at once; the folder is renamed into place once it is complete. */
export async function fetchJars({ folder, pom, version }: KafkaJars, abort?: AbortSignal): Promise<void> {
  const half = `${folder}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  try {
    // Maven writes beside the pom, and the repository may be read-only.
    copyFileSync(pom, join(half, 'pom.xml'));
    const quiet = ['-q', '-B', '-Dstyle.color=never', '-f', join(half, 'pom.xml')];
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(half, 'lib')}`];
    await promisify(execFile)('mvn', [...quiet, ...goal], { signal: abort });
    renameSync(half, folder);
  } catch (error) {
    if (!existsSync(folder)) throw failed(version, error);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

function failed(version: string, error: unknown): Error {
  const { stdout = '', message } = error as Error & { readonly stdout?: string };
  const said = stdout.trim() === '' ? message : stdout.trim().split('\n').slice(0, 3).join('\n');
  const remedy =
    'Check the network, or set KAFKA_BROKERS to brokers of your own, or to in-process to do without Kafka.';
  return new Error(`Maven could not fetch Kafka ${version}. ${remedy}\n${said}`, { cause: error });
}

export const JAVA_LEAST = 17;

export type FoundJava =
  | { readonly kind: 'found'; readonly command: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too-old'; readonly version: number };

/** A Java that Kafka can run on: that of JAVA_HOME if it is 17 or newer, else the one on the PATH. */
export function findJava(javaHome: string | null, onPath = 'java'): FoundJava {
  const tried = [...(javaHome === null ? [] : [join(javaHome, 'bin', 'java')]), onPath].map(tryJava);
  return (
    tried.find(({ kind }) => kind === 'found') ?? tried.find(({ kind }) => kind === 'too-old') ?? { kind: 'missing' }
  );
}

function tryJava(command: string): FoundJava {
  const { stderr, error } = spawnSync(command, ['-version'], { encoding: 'utf8' });
  const version = error === undefined ? javaMajor(stderr) : null;
  if (version === null) return { kind: 'missing' };
  return version < JAVA_LEAST ? { kind: 'too-old', version } : { kind: 'found', command };
}

/** The major version in the output of `java -version`; null when there is none. */
export function javaMajor(text: string): number | null {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (first === undefined) return null;
  return Number(first === '1' ? second : first);
}
