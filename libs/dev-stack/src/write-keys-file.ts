import { DEFAULT_TENANT } from '@perennial/values';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeJsonFile } from './json-file';

/** Sees to it that the collector of a stack has a write key, for the default tenant; readable by its owner only. */
export function writeKeysIn(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeJsonFile(file, { [randomBytes(24).toString('base64url')]: DEFAULT_TENANT });
}
