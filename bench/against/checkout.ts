/** A commit of this repository, built beside the working tree in the cache folder, once. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InvalidInput } from '@perennial/values';
import { repository } from '@perennial/dev-stack';

export interface Checkout {
  /** Of the commit, in full. */
  readonly hash: string;
  readonly folder: string;
}

const run = promisify(execFile);
const LOCK = 'package-lock.json';

/**
 * Builds `commit` (any name that git knows) under `cache`. A commit with this tree's package-lock.json shares its
 * node_modules; any other runs `npm ci`.
 *
 * @throws InvalidInput `BENCH.NO_COMMIT` where git knows no such commit.
 */
export async function checkOut(commit: string, cache: string, say: (line: string) => void): Promise<Checkout> {
  const hash = await hashOf(commit);
  const folder = join(cache, `commit-${hash}`);
  if (existsSync(folder)) return { hash, folder };
  say(`Building ${hash.slice(0, 7)} (once).`);
  const unfinished = `${folder}.${process.pid}`;
  try {
    mkdirSync(unfinished, { recursive: true });
    const archive = join(unfinished, 'tree.tar');
    await run('git', ['-C', repository, 'archive', '--format=tar', `--output=${archive}`, hash]);
    await run('tar', ['-xf', archive, '-C', unfinished]);
    rmSync(archive);
    await build(unfinished);
    renameSync(unfinished, folder);
    return { hash, folder };
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** `npm ci` builds too (script `prepare`). */
async function build(folder: string): Promise<void> {
  const same = readFileSync(join(folder, LOCK)).equals(readFileSync(join(repository, LOCK)));
  if (!same) {
    await run('npm', ['ci'], { cwd: folder });
    return;
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  await run('npm', ['run', 'build'], { cwd: folder });
}

async function hashOf(commit: string): Promise<string> {
  const asked = ['-C', repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`];
  try {
    return (await run('git', asked)).stdout.trim();
  } catch (error) {
    const message = `git knows no commit ${commit}: name one of this repository, for example HEAD~1.`;
    throw new InvalidInput('BENCH.NO_COMMIT', message, { cause: error });
  }
}
