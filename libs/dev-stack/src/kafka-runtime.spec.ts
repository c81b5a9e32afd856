import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from './repository';
import { haveJars, kafkaJars } from './kafka-runtime';

it('reads the version from the pom, and keeps a folder for each content of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-pom-'));
  const pom = join(repository, 'deploy/dev/pom.xml');
  const jars = kafkaJars(pom, folder);
  expect(jars.version).toMatch(/^4\.\d+\.\d+$/);
  expect(jars.folder.startsWith(join(folder, `kafka-${jars.version}-`))).toBe(true);
  expect(haveJars(jars)).toBe(false);
  writeFileSync(join(folder, 'pom.xml'), '<artifactId>kafka_2.13</artifactId><version>4.9.0</version>');
  expect(kafkaJars(join(folder, 'pom.xml'), folder).folder).not.toBe(jars.folder);
  rmSync(folder, { recursive: true });
});
