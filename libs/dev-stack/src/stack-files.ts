import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { DEFAULT_TENANT } from '@perennial/values';

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

/** Reads a file of ours; null when it is absent or not what `schema` says (an older version wrote it). */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(file)) return null;
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Replaces the file in one step, readable by its owner only. */
export function writeJsonFile(file: string, value: unknown): void {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/** The random key in this file, made the first time; readable by its owner only. */
export function keyFrom(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  }
  return readFileSync(file, 'utf8').trim();
}

/** Sees to it that the collector of a stack has a write key, for the default tenant; readable by its owner only. */
export function writeKeysIn(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeJsonFile(file, { [randomBytes(24).toString('base64url')]: DEFAULT_TENANT });
}
