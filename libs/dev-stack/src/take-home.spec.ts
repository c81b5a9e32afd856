import { ConfigurationError } from '@perennial/config';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackHome } from './stack-home';
import { takeHome } from './home-lock';

const folder = mkdtempSync(join(tmpdir(), 'perennial-take-home-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const homeIn = (home: string) => stackHome({ home, cache: null });

describe('the folder of a stack', () => {
  it('is made', () => {
    const lock = takeHome(homeIn(join(folder, 'deep', 'home')));
    expect(lock.kind).toBe('taken');
    if (lock.kind === 'taken') lock.release();
  });

  // Root may write anywhere but where nobody may.
  it.each(['/dev/null', '/proc/perennial', '/sys/kernel'])('is a matter of configuration when it is %s', (path) => {
    expect(() => takeHome(homeIn(path))).toThrow(ConfigurationError);
    expect(() => takeHome(homeIn(path))).toThrow(
      /PERENNIAL_HOME: \/\S+ cannot hold the data of a stack \(E[A-Z]+\)\. Name a folder that this user may write\.$/,
    );
  });

  it('is so, too, when a file has its name', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => takeHome(homeIn(file))).toThrow(`PERENNIAL_HOME: ${file} cannot hold`);
  });
});
