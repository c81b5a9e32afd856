/** PyPI's segment-analytics-python, in an environment of its own that pip fills; part of `npm run test:long`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientProcess, endClients, type Sending } from './client-process';
import { EVENTS, expectEachOnce, expectRefused, FEW } from './expectations';
import { KEY, RestartedCollector } from './restarted-collector';

const PACKAGE = 'segment-analytics-python==2.4.0';
const folder = mkdtempSync(join(tmpdir(), 'perennial-python-'));
const programs = join(folder, 'bin');

let collector: RestartedCollector;
beforeAll(() => {
  execFileSync('python3', ['-m', 'venv', folder]);
  execFileSync(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE]);
}, 180_000);
beforeEach(async () => {
  collector = await RestartedCollector.create();
});
afterEach(async () => {
  endClients();
  await collector.remove();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const python = (sending: Sending): ClientProcess =>
  new ClientProcess(['analytics_python.py'], sending, {}, join(programs, 'python'));

it('segment-analytics-python: each event stands once in the log, and the client knows that it is taken', () =>
  expectEachOnce(collector, python({ url: collector.url, key: KEY, events: EVENTS })));

it('segment-analytics-python: with a wrong key, the client says so and nothing is taken', () =>
  expectRefused(collector, python({ url: collector.url, key: 'not-a-key', events: FEW }), '401'));
