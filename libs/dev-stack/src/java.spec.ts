import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findJava, javaMajor } from './kafka-runtime';

it.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_402"', 8],
  ['The operation couldn’t be completed. Unable to locate a Java Runtime.', null],
])('reads the version from %j', (text, major) => {
  expect(javaMajor(text)).toBe(major);
});

describe('findJava', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-java-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const javaHome = (version: string): string => {
    const bin = join(folder, version, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'java'), `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);
    chmodSync(join(bin, 'java'), 0o755);
    return join(folder, version);
  };

  it('takes JAVA_HOME, and the PATH where JAVA_HOME is no use', () => {
    const [good, old] = [javaHome('21.0.2'), javaHome('11.0.1')];
    const onPath = join(javaHome('17.0.1'), 'bin', 'java');
    expect(findJava(good, onPath)).toEqual({ kind: 'found', command: join(good, 'bin', 'java') });
    for (const useless of [old, '/nowhere'])
      expect(findJava(useless, onPath)).toEqual({ kind: 'found', command: onPath });
  });

  it('tells an old Java from none', () => {
    expect(findJava(javaHome('11.0.1'), '/nowhere/java')).toEqual({ kind: 'too-old', version: 11 });
    expect(findJava(null, '/nowhere/java')).toEqual({ kind: 'missing' });
  });
});
