import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passableMode, privateFolder } from './stack-files';
import { dataFolder } from './postgres';
import { takeHome } from './home-lock';

const folder = mkdtempSync(join(tmpdir(), 'folders-'));
chmodSync(folder, 0o755);
const modeOf = (path: string): number => statSync(path).mode & 0o777;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('The folders of a stack', () => {
  it('are of their owner alone, also those that were there', () => {
    const [fresh, former] = [join(folder, 'a', 'b'), join(folder, 'c')];
    mkdirSync(former, { mode: 0o755 });
    for (const path of [fresh, former]) privateFolder(path);
    expect([fresh, former].map(modeOf)).toEqual([0o700, 0o700]);
  });

  it('on the way to PostgreSQL let its user pass, where it is another, and nobody look around', () => {
    const home = join(folder, 'home');
    const lock = takeHome({ folder: home, lock: join(home, 'lock') });
    if (lock.kind === 'taken') lock.release();
    dataFolder(join(home, 'postgres'), { uid: 65_534, gid: 65_534 });
    expect([home, join(home, 'postgres')].map(modeOf)).toEqual([passableMode(), passableMode()]);
    expect(passableMode() & 0o066).toBe(0);
  });
});
