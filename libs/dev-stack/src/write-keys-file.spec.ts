import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectorEnvironment, readEnvironment } from '@perennial/config';
import { writeKeysIn } from './stack-files';

it('makes a write key of the default tenant once, for its owner only, that the collector takes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-write-keys-'));
  const file = join(folder, 'keys', 'write-keys.json');
  writeKeysIn(file);
  const made = readFileSync(file, 'utf8');
  writeKeysIn(file);
  expect(readFileSync(file, 'utf8')).toBe(made);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { writeKeys } = readEnvironment(collectorEnvironment, { KAFKA_BROKERS: 'in-process', WRITE_KEYS_FILE: file });
  expect([...writeKeys.values()]).toEqual(['default']);
  rmSync(folder, { recursive: true });
});
