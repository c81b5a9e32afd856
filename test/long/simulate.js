// Runs seeds of the simulation from the built files: `npm run simulate -- --seed N`, or `--seeds COUNT [--write]`.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const root = join(__dirname, '../..');
const { runSimulation } = require(join(root, 'dist/libs/testing/src/simulation/run-simulation.js'));
const { hashText } = require(join(root, 'dist/libs/testing/src/simulation/chance.js'));

const RESULTS = join(root, 'docs/simulation.md');
const MARK = '<!-- results -->';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seeds: { type: 'string' }, write: { type: 'boolean', default: false } },
});
const whole = (text, name) => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  console.error(`--${name} is ${text}; give a whole number, such as --seed 17 or --seeds 500`);
  process.exit(78);
};

async function one(seed) {
  const run = await runSimulation(seed, { traceSteps: 400 });
  console.log((run.ok ? [] : run.trace).join('\n'));
  console.log(run.ok ? `seed ${seed} holds` : `seed ${seed} fails: ${run.difference}`);
  console.log(JSON.stringify({ digest: run.digest, ...run.stats }));
  return run.ok;
}

async function many(count) {
  const totals = {};
  const failed = [];
  let digest = 0;
  for (let seed = 1; seed <= count; seed++) {
    const run = await runSimulation(seed);
    digest = hashText(run.digest, digest);
    for (const [name, number] of Object.entries(run.stats)) totals[name] = (totals[name] ?? 0) + number;
    if (!run.ok) failed.push(seed);
    if (!run.ok) console.log(`seed ${seed} fails: ${run.difference}\n  npm run simulate -- --seed ${seed}`);
    if (seed % 500 === 0) console.log(`${seed} of ${count} seeds, ${failed.length} failed`);
  }
  const table = describe({ seeds: count, failed: failed.length, ...totals }, digest);
  console.log(table);
  if (values.write) write(table);
  return failed.length === 0;
}

function describe({ virtualMs, ...counts }, digest) {
  const rows = { ...counts, 'virtual hours': Math.round(virtualMs / 3_600_000) };
  const lines = Object.entries(rows).map(([name, number]) => `| ${name} | ${number.toLocaleString('en')} |`);
  return ['| what | how many |', '| --- | --- |', ...lines, `| digest of all runs | ${digest.toString(16)} |`].join(
    '\n',
  );
}

function write(table) {
  const [before] = readFileSync(RESULTS, 'utf8').split(MARK);
  writeFileSync(RESULTS, `${before}${MARK}\n\n${table}\n`);
}

const running =
  values.seed === undefined ? many(whole(values.seeds ?? '500', 'seeds')) : one(whole(values.seed, 'seed'));
running.then((holds) => {
  process.exitCode = holds ? 0 : 1;
});
