import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';

/** Who PostgreSQL runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. Root's server runs as `postgres` where that user exists, else as `nobody`;
 * everybody else's runs as themselves (undefined).
 */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = idOf('postgres') ?? idOf('nobody');
  if (user === null)
    throw new Error(
      'PostgreSQL cannot run as root and there is no user postgres or nobody. Run as another user, or set DATABASE_URL.',
    );
  return user;
}

/** Whether another user can go into the folder: all folders above it must let others pass. */
export function othersReach(folder: string): boolean {
  const { root } = parse(folder);
  for (let at = folder; at !== root; at = dirname(at)) if ((statSync(at).mode & 0o001) === 0) return false;
  return true;
}

/** A folder that every user can reach and only we can write, one per `subject`. */
export function reachableFolder(subject: string): string {
  const folder = join('/var/tmp', `perennial-${createHash('sha256').update(subject).digest('hex').slice(0, 12)}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const { uid } = lstatSync(folder);
  if (!lstatSync(folder).isDirectory() || uid !== process.getuid?.()) {
    throw new Error(
      `${folder} belongs to somebody else. Remove it, or move the repository to a folder that all users can reach.`,
    );
  }
  return folder;
}

function idOf(name: string): ServerUser | null {
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null;
  }
}
