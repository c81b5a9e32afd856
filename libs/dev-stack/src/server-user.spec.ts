import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { othersReach, reachableFolder } from './server-user';

it('a folder is out of reach for others when one above it is closed', () => {
  const top = mkdtempSync(join(tmpdir(), 'perennial-reach-'));
  const inner = join(top, 'home', 'data');
  mkdirSync(inner, { recursive: true });
  chmodSync(top, 0o755);
  expect(othersReach(inner)).toBe(true);
  chmodSync(join(top, 'home'), 0o700);
  expect(othersReach(inner)).toBe(false);
  rmSync(top, { recursive: true });
});

it('each subject has one reachable folder of its own', () => {
  const folder = reachableFolder('/subject/of/a/test');
  expect(othersReach(folder)).toBe(true);
  expect(reachableFolder('/subject/of/a/test')).toBe(folder);
  expect(reachableFolder('/another')).not.toBe(folder);
  for (const subject of ['/subject/of/a/test', '/another']) rmSync(reachableFolder(subject), { recursive: true });
});
