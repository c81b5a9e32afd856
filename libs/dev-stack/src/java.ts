import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const JAVA_LEAST = 17;

export type FoundJava =
  | { readonly kind: 'found'; readonly command: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'too-old'; readonly version: number };

/** A Java that Kafka can run on: of JAVA_HOME where that is one, else the one on the PATH. */
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
