/** The development stack as a user runs it: `node_modules/.bin/perennial up`, signals, a second `up`, a hard end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { repository } from './repository';
import { dataFolder } from './postgres';
import { isRunning } from './process-identity';
import type { RecordedProcess } from './server-process';
import { clearHome, stackHome } from './stack-home';
import { waitFor } from './wait-for';

const home = stackHome({ home: mkdtempSync(join(tmpdir(), 'perennial-stack-')), cache: null });
const perennial = join(repository, 'node_modules/.bin/perennial');

interface Run {
  readonly child: ChildProcess;
  readonly text: { out: string; say: string };
  readonly ended: Promise<number | string>;
}
const runs: Run[] = [];

function run(args: readonly string[], set: Record<string, string> = {}): Run {
  const own = { PERENNIAL_HOME: home.folder, DATABASE_URL: '', KAFKA_BROKERS: '' };
  const child = spawn(perennial, args, { env: { ...process.env, ...own, ...set } });
  const text = { out: '', say: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.say += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? '');
    });
  });
  runs.push({ child, text, ended });
  return { child, text, ended };
}

/** Waits for a text on stderr; fails with all of it when the process ends before. */
async function says({ child, text }: Run, part: string): Promise<void> {
  await waitFor(part, () => (text.say.includes(part) || child.exitCode !== null ? true : null), { timeoutMs: 60_000 });
  expect(text.say).toContain(part);
}

async function up(set: Record<string, string> = {}): Promise<Run> {
  const started = run(['up', '--json'], set);
  await says(started, 'Up.');
  await waitFor('the addresses', () => (started.text.out.endsWith('\n') ? true : null), { timeoutMs: 5_000 });
  return started;
}

const servers = (): RecordedProcess[] =>
  readFileSync(home.processes, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedProcess);

interface Addresses {
  readonly kafka: string;
  readonly databaseUrl: string;
  readonly services: readonly { readonly url: string }[];
}
const addresses = ({ text }: Run): Addresses => JSON.parse(text.out) as Addresses;

function expectNothingLeft(started: readonly RecordedProcess[]): void {
  expect(started.filter(isRunning)).toEqual([]);
  expect([home.lock, home.state, home.processes].filter(existsSync)).toEqual([]);
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

afterAll(async () => {
  for (const { child, ended } of runs) {
    child.kill('SIGTERM');
    await ended;
  }
  clearHome(home);
  rmSync(home.folder, { recursive: true, force: true });
});

// In this order: each goes on with the data of the one before.
describe('perennial up', () => {
  let first: Addresses;
  let next: Run;

  it('starts everything, is found by a second up, and ends on SIGTERM without a trace', async () => {
    const stack = await up();
    const started = servers();
    first = addresses(stack);
    expect(started.map(({ name }) => name).sort()).toEqual(['Kafka', 'PostgreSQL']);
    expect((await fetch(`${first.services[0]?.url ?? ''}/health/live`)).status).toBe(200);
    expect(await query(first.databaseUrl, 'create table kept as select 42 as answer')).toEqual([]);
    expect(statSync(home.state).mode & 0o777).toBe(0o600);
    for (const name of ['lifecycle-engine', 'collector']) expect(existsSync(join(home.logs, `${name}.log`))).toBe(true);
    expect(stack.text.say).not.toContain('{');

    expect(stack.text.say).toContain('perennial definition publish FILE --reason TEXT');

    const second = run(['up', '--json', '--definition', 'retail']);
    expect(await second.ended).toBe(0);
    expect(second.text.say).toContain('retail version 1 is in service in 4 of 4 partitions.');
    expect(second.text.say).not.toContain('perennial definition publish');
    expect(addresses(second)).toEqual(first);
    const reset = run(['up', '--reset']);
    expect([await reset.ended, reset.text.say]).toEqual([2, expect.stringContaining('(STACK.IN_USE)')]);

    stack.child.kill('SIGTERM');
    expect(await stack.ended).toBe(0);
    expectNothingLeft(started);
  });

  it('keeps ports and data; after a SIGKILL the next up ends what was left behind', async () => {
    const killed = await up();
    expect(addresses(killed)).toEqual(first);
    expect(await query(first.databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    const orphans = servers();
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(orphans.filter(isRunning)).toHaveLength(2);

    next = await up();
    expect(next.text.say).toContain('left behind by a run that was killed');
    expect(addresses(next)).toEqual(first);
    expect(orphans.filter(isRunning)).toEqual([]);
  });

  it('does not wait for a server that hangs when Ctrl-C is pressed again', async () => {
    const started = servers();
    const kafka = started.find(({ name }) => name === 'Kafka')?.pid ?? 0;
    process.kill(kafka, 'SIGSTOP');
    next.child.kill('SIGINT');
    await says(next, 'Ending.');
    const impatient = setInterval(() => next.child.kill('SIGINT'), 200);
    expect(await next.ended).toBe(130);
    clearInterval(impatient);
    await waitFor('the servers to be gone', () => (started.some(isRunning) ? null : true), { timeoutMs: 10_000 });
    expect(existsSync(home.lock)).toBe(false);
  });

  it('ends when Ctrl-C is pressed while it starts', async () => {
    rmSync(home.processes, { force: true });
    const stack = run(['up']);
    await waitFor('a server', () => (existsSync(home.processes) && servers().length > 0 ? true : null), {
      timeoutMs: 60_000,
    });
    const started = servers();
    stack.child.kill('SIGINT');
    expect(await stack.ended).toBe(130);
    expect(stack.text.out).toBe('');
    expectNothingLeft(started);
  });

  it('runs on the log inside the process when asked to, and --reset moves it there', async () => {
    const refused = run(['up', '--once'], { KAFKA_BROKERS: 'in-process' });
    expect([await refused.ended, refused.text.say]).toEqual([2, expect.stringContaining('(STACK.OTHER_LOG)')]);
    const moved = run(['up', '--once', '--json', '--reset', '--definition', 'retail'], { KAFKA_BROKERS: 'in-process' });
    expect([await moved.ended, addresses(moved).kafka]).toEqual([0, null]);
    expect(moved.text.say).toContain('retail version 1 is in service in 4 of 4 partitions.');
    expect(existsSync(home.kafka)).toBe(false);
  });

  it('says when a server ends by itself, and ends the rest; who watches is told that it is over', async () => {
    const stack = await up({ KAFKA_BROKERS: 'in-process' });
    const watcher = run(['watch']);
    await says(watcher, 'Watching.');
    const started = servers();
    process.kill(started.find(({ name }) => name === 'PostgreSQL')?.pid ?? 0, 'SIGQUIT');
    expect(await stack.ended).toBe(1);
    expect([await watcher.ended, watcher.text.say]).toEqual([0, expect.stringContaining('The stack has ended.')]);
    expect(stack.text.say).toContain('PostgreSQL ended by itself');
    expectNothingLeft(started);
  });

  it('refuses a misspelt variable with one readable message and exit code 78', async () => {
    const wrong = run(['up'], { PERENNIAL_HMOE: 'x' });
    expect(await wrong.ended).toBe(78);
    expect(wrong.text.say).toBe(
      'The configuration is not valid:\n  PERENNIAL_HMOE: unknown variable. Did you mean PERENNIAL_HOME?\n',
    );
  });
});

describe('perennial engine', () => {
  it('names everything that is missing, and ends with 78', async () => {
    const engine = run(['engine']);
    expect(await engine.ended).toBe(78);
    for (const name of ['KAFKA_BROKERS: not set', 'DATABASE_URL: not set', 'PERENNIAL_KEY: set exactly one']) {
      expect(engine.text.say).toContain(name);
    }
  });
});

it('a pid file of PostgreSQL whose pid another program has now does not keep it from starting', async () => {
  const data = dataFolder(home.postgres);
  writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
  const next = run(['up', '--once', '--json'], { KAFKA_BROKERS: 'in-process' });
  expect(await next.ended).toBe(0);
});
