/** A definition of its own over a stream of visits: the same facts by replay, by import, and by an import that is killed five times. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPIC } from '@perennial/contracts';
import { formatInstant } from '@perennial/values';
import { createImports, openDatabases } from '@perennial/store';
import { Chance, mobileLinesCsv } from '@perennial/testing';
import { type EngineProcess, startEngine } from '../ops/engine-process';
import { perennial } from '../ops/command-line';
import { type FactsOfCustomers, publishedFacts, replayedFacts } from './history-facts';
import { Installation } from './installation';
import { waitFor } from './wait-for';

const ROWS = 2_400;
const START = Date.UTC(2015, 4, 17);
const folder = mkdtempSync(join(tmpdir(), 'perennial-import-'));
const [visits, definition] = [join(folder, 'visits.csv'), join(folder, 'visits.yaml')];
const MAP = 'customer=visitor,timestamp=seen_at,event=kind,size=bytes';

/** It remembers two ids, so an import goes on in small steps: one row of a customer at a time is under way. */
const visitsDefinition = `
kind: Lifecycle
name: visits
version: 1
subject: customer
dedupe: { recent: 2 }
activity:
  - { event: page, role: visit }
  - { event: asset, role: usage }
profile:
  pages: { count: visit }
signals:
  engaged: { when: profile.pages >= 3 }
  quiet: { absent: visit, for: PT30M }
  back: { on: visit }
stages:
  initial: onboarding
  states:
    onboarding: { on: { engaged: in-life, quiet: dormancy } }
    in-life: { on: { quiet: dormancy } }
    dormancy: { on: { back: in-life }, after: { P1D: closed } }
    closed: { on: { back: in-life } }
`;

/** Some visitors come all the time, most seldom; several rows of one second; what nobody asked for between. */
function visitsCsv(): string {
  const chance = new Chance(7, 'visits');
  const lines = ['seen_at,visitor,kind,bytes'];
  for (let row = 0, at = START; row < ROWS; row++) {
    at += chance.between(0, 80) * 1_000;
    const visitor = Math.floor(chance.next() ** 1.5 * 150);
    const kind = chance.pick(['page', 'asset', 'asset', 'feed']);
    lines.push(`${formatInstant(at)},v${visitor},${kind},${chance.between(0, 9_999)}`);
  }
  return `${lines.join('\n')}\n`;
}

let installation: Installation;
let engine: EngineProcess;
let newest = 0;
beforeAll(async () => {
  writeFileSync(visits, visitsCsv());
  writeFileSync(definition, visitsDefinition);
  newest = Date.parse(readFileSync(visits, 'utf8').trimEnd().split('\n').at(-1)?.split(',')[0] ?? '');
  installation = await Installation.create('import');
  engine = await startEngine(installation);
}, 60_000);
afterAll(async () => {
  await engine.stop();
  await installation.remove();
  rmSync(folder, { recursive: true });
});

const importing = (tenant: string): readonly string[] => [
  'import',
  ...['--input', visits, '--map', MAP, '--definition', definition, '--tenant', tenant, '--go-live', 'offset', '--json'],
];

const factsOf = (tenant: string): Promise<FactsOfCustomers> => publishedFacts(installation, tenant);

async function factsOfReplay(): Promise<FactsOfCustomers> {
  const file = join(folder, 'facts');
  const asked = ['replay', '--input', visits, '--map', MAP, '--definition', definition, '--facts', file];
  expect(await perennial(installation, ...asked)).toMatchObject({ code: 0 });
  return replayedFacts(file);
}

describe('an import', () => {
  it('gives the facts of the replay', async () => {
    const { code, out, err } = await installation.run(importing('whole'));
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      tenant: 'whole',
      ending: 'offset',
      total: ROWS,
      sent: ROWS,
      deadLetters: 0,
    });
    const expected = await factsOfReplay();
    expect(Object.values(expected).flat().length).toBeGreaterThan(1_000);
    expect(await factsOf('whole')).toEqual(expected);
  }, 120_000);

  it('gives them, too, of customers with nested states, histories and regions: the template telecom', async () => {
    const [lines, file] = [join(folder, 'lines.csv'), join(folder, 'facts-of-lines')];
    writeFileSync(lines, mobileLinesCsv(30, 70, new Chance(11, 'lines')));
    const map = 'customer=line,timestamp=at,event=event,amount=amount,change=amount';
    const asked = ['--input', lines, '--map', map, '--definition', 'telecom'];
    const replay = await perennial(installation, 'replay', ...asked, '--facts', file, '--json');
    const { moves } = JSON.parse(replay.out) as { moves: object };
    expect(Object.keys(moves)).toEqual(
      expect.arrayContaining(['retention>in-life', 'dormancy>in-life', 'closed>activation']),
    );
    const imported = await installation.run(['import', ...asked, '--tenant', 'lines', '--go-live', 'offset', '--json']);
    expect(imported).toMatchObject({ code: 0 });
    expect(await factsOf('lines')).toEqual(replayedFacts(file));
  }, 60_000);

  it('gives the same facts when it is killed five times', async () => {
    const databases = openDatabases([{ first: 0, last: 3, url: installation.database.url }], {});
    const imports = createImports(databases.first.database);
    const acknowledged = async (): Promise<number> => (await imports.find('killed'))?.acknowledged ?? 0;
    const asked = [...importing('killed'), '--name', 'killed'];
    for (const enough of [1, 400, 800, 1_200, 1_600]) {
      const child = installation.start(asked);
      await waitFor('the import', async () => ((await acknowledged()) >= enough ? true : null));
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(await acknowledged()).toBeLessThan(ROWS);
    }
    await databases.close();
    const { code, out, err } = await installation.run(asked);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ customers: expect.any(Number) as number, deadLetters: 0 });
    expect(await factsOf('killed')).toEqual(await factsOf('whole'));
  }, 120_000);

  it('done before sends nothing, and with other rows is refused', async () => {
    const again = await perennial(installation, ...importing('whole'));
    expect(JSON.parse(again.out)).toMatchObject({ sent: 0, total: ROWS });
    writeFileSync(visits, `${visitsCsv()}${formatInstant(newest)},v1,page,1\n`);
    const refused = await perennial(installation, ...importing('whole'));
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('is done, with other rows than visits.csv has now');
  });
});

describe('an import is refused, and nothing is sent,', () => {
  const refusedWith = async (said: string, ...args: readonly string[]): Promise<void> => {
    const { code, out, err } = await perennial(installation, 'import', '--input', visits, '--map', MAP, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  };

  it.each([
    ['into a tenant with customers', 'Tenant whole has ', '--tenant', 'whole', '--name', 'other'],
    ['without a definition', 'Tenant fresh has no definition', '--tenant', 'fresh'],
    [
      'without a terminal that could be asked for the clock',
      'Say --go-live wall or --go-live offset',
      '--tenant',
      'fresh',
      '--definition',
      definition,
    ],
    [
      'when nobody would come of it',
      'so no customer would come of it',
      '--tenant',
      'fresh',
      '--definition',
      'retail',
      '--go-live',
      'wall',
    ],
  ])('%s', async (_, said, ...args) => {
    await refusedWith(said, ...args);
    const tenants = await installation.records(TOPIC.activity);
    expect(
      tenants.filter(({ key }) =>
        Buffer.from(key ?? [])
          .toString()
          .startsWith('fresh:'),
      ),
    ).toEqual([]);
  });
});
