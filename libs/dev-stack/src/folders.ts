import { chmodSync, mkdirSync } from 'node:fs';

/** Makes a folder that only its owner may enter; one that is there already is closed to others. */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}

/**
 * Mode of a folder on the way to the data of PostgreSQL: the servers of root run as another user, who may pass and not look
 * around.
 */
export const passableMode = (): number => (process.getuid?.() === 0 ? 0o711 : 0o700);
