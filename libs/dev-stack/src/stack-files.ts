import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { DEFAULT_TENANT } from '@perennial/values';

/** Creates a folder of mode 0700, or gives an existing one that mode. */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}

/**
 * Mode of the folders above PostgreSQL's data: root's servers run as another user, who needs to pass (0711) and not to list.
 */
export const passableMode = (): number => (process.getuid?.() === 0 ? 0o711 : 0o700);

/** Reads a JSON file; null when it is absent or does not match `schema` (an older version wrote it). */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>): T | null {
  if (!existsSync(file)) return null;
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Replaces the file atomically; mode 0600. */
export function writeJsonFile(file: string, value: unknown): void {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/** The random key in `file` (64 hexadecimal digits), created the first time; mode 0600. */
export function keyFrom(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  }
  return readFileSync(file, 'utf8').trim();
}

/** Creates the write keys of a stack's collector unless they exist: one, of the default tenant; mode 0600. */
export function writeKeysIn(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeJsonFile(file, { [randomBytes(24).toString('base64url')]: DEFAULT_TENANT });
}
