/** What a clock record writes does not depend on how many tenants live by it, nor on the length of their definitions. */
import { parseInstant, type TenantId } from '@perennial/values';
import type { EngineCommit } from '@perennial/engine';
import { aStoreWith, fakeStore, readThrough, WrittenLog } from '@perennial/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitStatements } from './commit';

const retail = readFileSync(join(__dirname, '../../../definition/templates/retail.yaml'), 'utf8');
const APPENDED = parseInstant('2026-01-01T00:00:00Z') ?? Number.NaN;

/** Bytes of the parameters of all statements. */
const bytesOf = (commit: EngineCommit): number =>
  commitStatements(0, 1, commit).reduce((sum, { values }) => sum + Buffer.byteLength(JSON.stringify(values)), 0);

async function bytesOfClock(tenants: number, definition: string): Promise<number> {
  const log = new WrittenLog(0, APPENDED);
  const ids = Array.from({ length: tenants }, (_, index) => `tenant-${index}` as TenantId);
  for (const tenant of ids)
    log.command({ type: 'perennial.command.publish-definition.v1', tenant, source: definition });
  log.clock({ scope: { kind: 'live' }, at: APPENDED });
  const commits: EngineCommit[] = [];
  const noted = aStoreWith(fakeStore(), (session) => ({
    commit: (commit) => {
      commits.push(commit);
      return session.commit(commit);
    },
  }));
  expect(await readThrough(log, 0, { store: noted })).toEqual([]);
  const last = commits.at(-1);
  expect(last?.nextOffset).toBe(tenants + 1);
  return last === undefined ? Number.NaN : bytesOf(last);
}

it('a clock record of live tenants writes as few bytes for 200 as for one', async () => {
  const long = `${retail}\n# ${'x'.repeat(20_000)}\n`;
  const [one, many, longer] = [
    await bytesOfClock(1, retail),
    await bytesOfClock(200, retail),
    await bytesOfClock(1, long),
  ];
  expect(one).toBeLessThan(200);
  expect(Math.abs(many - one)).toBeLessThan(20);
  expect(longer).toBe(one);
});
