/**
 * Makes the data folder of an installation that was killed at work, for the specs of releases to come:
 * `npm run freeze -- --name step-6` writes test/fixtures/data-folder/step-6.tgz with the code of this tree.
 *
 * It drives the built command line alone, so it runs on any commit that has `perennial up`. What is in the folder:
 *   home/             keys, ports and the log of a stack on the log inside the process, as SIGKILL left them
 *   tables.jsonl      a line for each table of its PostgreSQL: {"table", "rows"}, rows as row_to_json writes them
 *   past.csv          what the import half way reads
 *   frozen.json       commit, write keys, and how much of what was under way
 */
const { execFileSync, spawn, spawnSync } = require('node:child_process');
const {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const { Client } = require('pg');

const root = join(__dirname, '../..');
const perennial = join(root, 'node_modules/.bin/perennial');
const { createInProcessLog } = require(join(root, 'dist/libs/stream/src/index.js'));

const ATTEMPTS = 20;
const ROWS = 600;
const MAP = "customer=customer,timestamp=at,event='Order Completed',id=id,total=total,currency='GBP'";
const FACTS = ['stage-changed', 'signal', 'state'].map((name) => `lifecycle.customer.${name}.v1`);
const KEPT = ['keys', 'ports.json', 'in-process-log'];

const { values } = parseArgs({ options: { name: { type: 'string' } } });
if (!/^[a-z0-9][a-z0-9.-]*$/.test(values.name ?? '')) {
  console.error('--name: what the folder is called, such as --name step-6');
  process.exit(78);
}

const folder = mkdtempSync(join(tmpdir(), 'perennial-freeze-'));
// The server of root runs as another user.
chmodSync(folder, 0o755);
const home = join(folder, 'home');
const environment = {
  ...process.env,
  PERENNIAL_HOME: home,
  KAFKA_BROKERS: 'in-process',
  DATABASE_URL: '',
  PERENNIAL_AUTHOR: 'freeze',
};
let sent = 0;

function run(...args) {
  const { status, stdout, stderr } = spawnSync(perennial, args, { env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`perennial ${args.join(' ')}: ${status}\n${stderr}`);
  return stdout.trim();
}

/** The stack, and what it says where it is, once it is up. */
async function up() {
  const child = spawn(perennial, ['up', '--json'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, said] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!out.endsWith('\n')) {
    if (child.exitCode !== null) throw new Error(said);
    await wait(20);
  }
  const { databaseUrl, services } = JSON.parse(out);
  const collector = services.find(({ name }) => name === 'collector').url;
  return { databaseUrl, collector, kill: () => child.kill('SIGKILL') && ended };
}

/** Orders or visits of one tenant; ids and customers by what was sent before. */
async function post({ collector }, key, messages) {
  const batch = messages.map((message) => ({ type: 'track', messageId: `m${(sent += 1)}`, ...message }));
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${collector}/v1/batch`, { method: 'POST', headers, body: JSON.stringify({ batch }) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

const times = (count, of) => Array.from({ length: count }, (_, index) => of(index));
const orders = (count, customers) =>
  times(count, (index) => ({
    ...{ userId: `c${index % customers}`, event: 'Order Completed' },
    properties: { total: `${10 + (index % 7)}.95`, currency: 'GBP' },
  }));
const rhythm = (count, customers) =>
  times(count, (index) => ({
    ...{ userId: `r${index % customers}`, event: index % 3 === 0 ? 'order' : 'visit' },
    properties: index % 3 === 0 ? { total: '5.00' } : {},
  }));

function writePast(file) {
  const start = Date.UTC(2019, 0, 1);
  const row = (index) =>
    [
      new Date(start + index * 20 * 3_600_000).toISOString(),
      `p${(index * index) % 37}`,
      `o${index}`,
      `${1 + (index % 90)}.50`,
    ].join();
  writeFileSync(file, `at,customer,id,total\n${times(ROWS, row).join('\n')}\n`);
}

/** Kills an import as soon as some of it is acknowledged. */
async function importHalfWay(query) {
  const args = ['import', '--input', join(folder, 'past.csv'), '--map', MAP, '--name', 'past', '--tenant', 'past'];
  const child = spawn(perennial, [...args, '--definition', 'retail', '--go-live', 'offset', '--yes'], {
    env: environment,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const acknowledged = async () =>
    Number((await query("SELECT acknowledged FROM import_progress WHERE name = 'past'"))[0]?.acknowledged ?? 0);
  while ((await acknowledged()) === 0 && child.exitCode === null) await wait(1);
  child.kill('SIGKILL');
  await ended;
  return acknowledged();
}

/** What a crash may interrupt, all at once: killed at the first batch that is committed and, so far as can be seen, not published. */
async function killAtWork(stack, query, keys) {
  while ((await query('SELECT FROM outbox')).length > 0) await wait(20);
  const posts = Promise.all([
    post(stack, keys.default, orders(120, 40)),
    post(stack, keys.rhythm, rhythm(90, 15)),
  ]).catch(() => undefined);
  while ((await query('SELECT FROM outbox')).length === 0);
  await stack.kill();
  await posts;
}

/** The newest offset of each activity partition that facts were published of. */
async function publishedThrough() {
  const log = createInProcessLog({ directory: join(home, 'in-process-log'), now: Date.now });
  const through = new Map();
  for (const topic of FACTS) {
    const until = new Map((await log.admin().offsets(topic)).map(({ partition, high }) => [partition, high]));
    const batch = ({ records }) => {
      for (const { headers } of records) {
        const id = headers.find(({ name }) => Buffer.from(name).toString() === 'ce_id').value;
        const [, partition, offset] = Buffer.from(id).toString().split(':').map(Number);
        through.set(partition, Math.max(through.get(partition) ?? -1, offset));
      }
    };
    await log.reader().read({ topic, from: 'beginning', until, batch });
  }
  await log.close();
  return through;
}

async function unfinished(query) {
  const through = await publishedThrough();
  const outbox = await query('SELECT partition, first_offset FROM outbox');
  const unpublished = outbox.filter(
    ({ partition, first_offset: first }) => Number(first) > (through.get(partition) ?? -1),
  ).length;
  const [{ rows }] = await query('SELECT count(*)::int AS rows FROM state_log');
  return { unpublished, stateLog: rows };
}

async function dump(query, file) {
  const tables = await query("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");
  const lines = [];
  for (const { name } of tables) {
    const rows = await query(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
    lines.push(`{"table":"${name}","rows":[${rows.map(({ row }) => row).join(',')}]}`);
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

async function connected(url, work) {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(async (text) => (await client.query(text)).rows);
  } finally {
    await client.end();
  }
}

/** Tenants, definitions, keys, dead letters, and customers at rest: what a release finds on its first day. */
async function fill(stack, query) {
  const key = (tenant) => run('write-key', 'create', '--tenant', tenant, '--label', 'frozen');
  run('definition', 'publish', 'retail', '--reason', 'frozen');
  run('definition', 'publish', join(__dirname, 'rhythm.yaml'), '--tenant', 'rhythm', '--reason', 'frozen');
  for (const tenant of ['rhythm', 'bare']) run('tenant', 'create', tenant);
  const keys = { default: key('default'), rhythm: key('rhythm'), bare: key('bare') };
  await wait(2_500); // Collectors take a new key within two seconds.
  await post(stack, keys.default, orders(90, 60));
  await post(stack, keys.rhythm, rhythm(60, 20));
  await post(stack, keys.bare, orders(3, 3));
  let waiting = [];
  while (waiting.length < 3) waiting = run('dead-letter', 'list', '--json').split('\n').filter(Boolean).map(JSON.parse);
  run('dead-letter', 'drop', waiting[0].id, '--reason', 'frozen');
  return { keys, acknowledged: await importHalfWay(query) };
}

async function freeze() {
  writePast(join(folder, 'past.csv'));
  let filled = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const stack = await up();
    const frozen = await connected(stack.databaseUrl, async (query) => {
      filled ??= await fill(stack, query);
      await killAtWork(stack, query, filled.keys);
      const left = await unfinished(query);
      console.log(`attempt ${attempt}: ${JSON.stringify(left)}`);
      if (left.unpublished === 0 || left.stateLog === 0) return null;
      await dump(query, join(folder, 'tables.jsonl'));
      return left;
    });
    if (frozen !== null) return { ...frozen, ...filled };
  }
  throw new Error(`${ATTEMPTS} kills, and none of them came between a commit and its publication`);
}

function pack(frozen) {
  const target = join(folder, 'packed');
  for (const name of KEPT) cpSync(join(home, name), join(target, 'home', name), { recursive: true });
  for (const name of ['tables.jsonl', 'past.csv']) cpSync(join(folder, name), join(target, name));
  const commit = execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  writeFileSync(
    join(target, 'frozen.json'),
    `${JSON.stringify({ commit, map: MAP, rows: ROWS, ...frozen }, null, 2)}\n`,
  );
  const file = join(root, 'test/fixtures/data-folder', `${values.name}.tgz`);
  mkdirSync(join(root, 'test/fixtures/data-folder'), { recursive: true });
  execFileSync('tar', ['-czf', file, '-C', target, '.']);
  console.log(file);
}

/** PostgreSQL outlives the stack that was killed. */
function endServers() {
  if (!existsSync(join(home, 'processes'))) return;
  for (const line of readFileSync(join(home, 'processes'), 'utf8').trim().split('\n'))
    process.kill(JSON.parse(line).pid, 'SIGQUIT');
}

freeze()
  .then(pack)
  .finally(endServers)
  .finally(() => rmSync(folder, { recursive: true, force: true }));
