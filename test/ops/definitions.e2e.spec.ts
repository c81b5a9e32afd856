/** Definitions on a running installation: published, changed, refused, looked at; customers counted on each version. */
import { activityRecord, TOPIC } from '@perennial/contracts';
import { DEFAULT_TENANT } from '@perennial/values';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { perennial } from './command-line';
import { type EngineProcess, startEngine } from './engine-process';

const retail = readFileSync(join(__dirname, '../../libs/definition/templates/retail.yaml'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'perennial-definitions-'));
const file = join(folder, 'shop.yaml');

let installation: Installation;
let engine: EngineProcess;
beforeAll(async () => {
  installation = await Installation.create('definitions');
  engine = await startEngine(installation);
}, 60_000);
afterAll(async () => {
  await engine.stop();
  await installation.remove();
  rmSync(folder, { recursive: true });
});

async function publish(text: string, reason: string, ...args: readonly string[]) {
  writeFileSync(file, text);
  return perennial(installation, 'definition', 'publish', file, '--reason', reason, ...args);
}

interface Listed {
  readonly version: number;
  readonly inService: boolean;
  readonly customers: number;
  readonly author: string;
  readonly reason: string;
  readonly publishedAt: string;
  readonly partitions: { readonly taken: number; readonly of: number };
}

async function list(): Promise<readonly Listed[]> {
  const { out } = await perennial(installation, 'definition', 'list', '--json');
  return (JSON.parse(out) as { readonly definitions: readonly Listed[] }).definitions;
}

async function ends(): Promise<ReadonlyMap<number, number>> {
  const log = installation.log();
  try {
    return await installation.ends(TOPIC.activity, log);
  } finally {
    await log.close();
  }
}

/** Customers in their versions, newest version first, once there are as many. */
const customers = (total: number) =>
  waitFor(`${total} customers`, async () => {
    const counts = (await list()).map((one) => one.customers);
    return counts.reduce((sum, n) => sum + n, 0) === total ? counts : null;
  });

async function order(...ids: readonly string[]): Promise<void> {
  const log = installation.log();
  const producer = log.producer();
  await producer.connect();
  const message = { type: 'track', event: 'Order Completed', properties: { total: '10.00', currency: 'GBP' } } as const;
  await producer.send(ids.map((userId) => activityRecord(DEFAULT_TENANT, { ...message, userId })));
  await log.close();
}

describe('perennial definition', () => {
  it('says which command to type while nothing is in service', async () => {
    const command = 'perennial definition publish FILE --reason TEXT';
    expect((await perennial(installation, 'definition', 'list')).out).toContain(command);
    expect((await perennial(installation, 'definition', 'show', 'retail')).err).toContain(command);
    const { code, out } = await perennial(installation, 'doctor', '--engine', engine.url);
    expect(out).toMatch(new RegExp(`^todo   definition .*\\n *→ ${command}$`, 'm'));
    expect(code).toBe(0);
  }, 60_000);

  it('puts version 1 into service in every partition, and counts who enters it', async () => {
    const { code, out, err } = await publish(retail, 'the first', '--author', 'ann');
    expect({ code, out }).toEqual({
      code: 0,
      out: 'retail version 1 is in service in 4 of 4 partitions. No customers yet; new ones enter version 1.',
    });
    expect(err).toContain('warning');
    await order('a', 'b', 'c');
    expect(await customers(3)).toEqual([3]);
  }, 60_000);

  it('does nothing when the same file is published again', async () => {
    const before = await ends();
    const { code, out } = await publish(retail, 'once more', '--json');
    expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({
      code: 0,
      result: 'in-service',
      customers: { 1: 3 },
    });
    expect(await ends()).toEqual(before);
  }, 60_000);

  it('refuses the published version with another text, with the difference; and another name', async () => {
    const changed = await publish(retail.replace('for: P60D', 'for: P45D'), 'quiet sooner');
    expect(changed.code).toBe(2);
    expect(changed.err).toMatch(/^ {2}- +\d+ {4}quiet: .*P60D.*\n {2}\+ +\d+ {4}quiet: .*P45D/m);
    expect(changed.err).toContain('Set `version: 2` and publish again.');
    const named = await publish(retail.replace('name: retail', 'name: shop'), 'ours');
    expect(named).toMatchObject({
      code: 2,
      err: expect.stringContaining('Set `name: retail` and `version: 2`') as string,
    });
    expect(await list()).toHaveLength(1);
  }, 60_000);

  it('puts version 2 into service: who is there stays in version 1, new ones enter version 2', async () => {
    const next = retail.replace('version: 1', 'version: 2').replace('for: P60D', 'for: P45D');
    const { code, out } = await publish(next, 'quiet sooner');
    expect({ code, out }).toEqual({
      code: 0,
      out: 'retail version 2 is in service in 4 of 4 partitions. 3 customers stay in version 1; new ones enter version 2.',
    });
    await order('a', 'd');
    expect(await customers(4)).toEqual([1, 3]);
    expect(await list()).toMatchObject([
      { version: 2, inService: true, reason: 'quiet sooner', partitions: { taken: 4, of: 4 } },
      {
        version: 1,
        inService: false,
        author: 'ann',
        reason: 'the first',
        publishedAt: expect.stringMatching(/^20.*Z$/) as string,
      },
    ]);
    const shown = await perennial(installation, 'definition', 'show', 'retail@1');
    expect(`${shown.out}\n`).toBe(retail);
    expect(shown.err).toContain(
      'customers  3 customers stay in version 1, 1 customer is in version 2; new ones enter version 2.',
    );
  }, 60_000);
});
