/**
 * The collector is killed when it has answered "taken", and its answers have been lost on the way: the client sends the
 * events again under the same ids, and the engine counts each once.
 */
import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TENANT } from '@perennial/values';
import { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { perennial } from '../ops/command-line';
import { type EngineProcess, startEngine } from '../ops/engine-process';
import { ClientProcess, endClients } from './client-process';
import { deliveriesIn } from './deliveries';
import { LossyNetwork } from './lossy-network';

const KEY = 'write-key-of-the-shop';
const EVENTS = 1_000;
const RETAIL = join(__dirname, '../../libs/definition/templates/retail.yaml');
const folder = mkdtempSync(join(tmpdir(), 'perennial-killed-collector-'));
const keys = join(folder, 'keys.json');

let installation: Installation;
let engine: EngineProcess;
let collector: ChildProcess;
let network: LossyNetwork;

beforeAll(async () => {
  writeFileSync(keys, JSON.stringify({ [KEY]: DEFAULT_TENANT }));
  installation = await Installation.create('killed-collector');
  engine = await startEngine(installation);
  const published = await perennial(installation, 'definition', 'publish', RETAIL, '--reason', 'a test');
  expect(published).toMatchObject({ code: 0 });
  network = await LossyNetwork.open();
  await startCollector();
});
afterAll(async () => {
  endClients();
  collector.kill('SIGKILL');
  await network.close();
  await engine.stop();
  await installation.remove();
  rmSync(folder, { recursive: true });
});

/** Starts it anywhere; clients reach it by the network. */
async function startCollector(): Promise<void> {
  collector = installation.start(['collector'], { COLLECTOR_PORT: '0', WRITE_KEYS_FILE: keys });
  let log = '';
  collector.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = await waitFor('the collector', () =>
    Promise.resolve(/The collector is up: (\S+)\/health/.exec(log)?.[1] ?? null),
  );
  network.leadTo(url);
}

/** How many activities have become one of these to the engine. */
async function consumed(...results: readonly string[]): Promise<number> {
  const text = await (await fetch(`${engine.url}/metrics`)).text();
  const names = results.map(
    (result) => `lifecycle_events_consumed_total{topic="perennial.activity.v1",result="${result}"`,
  );
  const lines = text.split('\n').filter((line) => names.some((name) => line.startsWith(name)));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

it('what was answered and not heard is sent again under the same ids, and counts once', async () => {
  const client = new ClientProcess(['analytics-node.js'], { url: network.url, key: KEY, events: EVENTS });
  await client.half();
  const lost = network.loseAnswers();
  client.goOn();
  await lost;
  collector.kill('SIGKILL');
  await once(collector, 'exit');
  await startCollector();
  const { taken, refused } = await client.report();
  expect({ taken: taken.length, refused }).toEqual({ taken: EVENTS, refused: [] });
  const deliveries = await deliveriesIn(installation);
  expect(deliveries.size).toBe(EVENTS);
  const repeats = [...deliveries.values()].filter((ids) => ids.length > 1);
  expect(repeats.length).toBeGreaterThan(0);
  expect(repeats.filter((ids) => new Set(ids).size > 1)).toEqual([]);
  const again = repeats.reduce((sum, ids) => sum + ids.length - 1, 0);
  await waitFor('the engine', async () =>
    (await consumed('taken', 'late', 'duplicate')) < EVENTS + again ? null : true,
  );
  expect({ once: await consumed('taken', 'late'), again: await consumed('duplicate') }).toEqual({
    once: EVENTS,
    again,
  });
});
