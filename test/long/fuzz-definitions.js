// Validates mutated definitions in this process, as the command line does, and some of them by the command line itself:
//   node test/long/fuzz-definitions.js [--seed N] [--count N]
// Each has to end with 0 or 2, and within two seconds of processor time.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const root = join(__dirname, '../..');
const built = (path) => require(join(root, 'dist', path));
const { definitionCommand } = built('apps/cli/src/commands/definition.js');
const { failureOf } = built('libs/command-line/src/exit-code.js');
const { mutatedDefinition } = built('libs/testing/src/mutated-definition.js');
const { Chance } = built('libs/testing/src/simulation/chance.js');
const { ERRORS, SHOP, WARNINGS } = built('libs/definition/fixtures/problem-cases.js');

const MOST_SECONDS = 2;
/** Every so many go through the command line, too. */
const SPOT = 400;
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '20000' } },
});
const [seed, count] = [Number(values.seed), Number(values.count)];
const text = (path) => readFileSync(join(root, path), 'utf8');
const cases = ERRORS.map(({ source }) => source).filter((source) => source.length < 5_000);
const valid = [
  text('libs/definition/templates/retail.yaml'),
  text('bench/peer.yaml'),
  SHOP,
  ...WARNINGS.map(({ source }) => source),
];
/** Valid ones as often as all others. */
const sources = [...cases, ...Array.from(cases, (_, index) => valid[index % valid.length])];

async function validate(file, said) {
  const terminal = { out: (line) => said.push(line), say: (line) => said.push(line) };
  try {
    await definitionCommand(terminal).exitOverride().parseAsync(['node', 'definition', 'validate', file]);
    return 0;
  } catch (error) {
    return failureOf(error, false).code;
  }
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-fuzz-'));
  const chance = new Chance(seed, 'definitions');
  const [codes, refusals, failed] = [new Map(), new Map(), []];
  let slowest = { seconds: 0, index: -1 };
  const count1 = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
  console.log(`seed ${seed}, ${count} definitions made of ${sources.length}`);
  for (let index = 0; index < count; index++) {
    const file = join(folder, 'mutated.yaml');
    const bytes = mutatedDefinition(chance, sources);
    writeFileSync(file, bytes);
    const said = [];
    const before = process.cpuUsage();
    const code = await validate(file, said);
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    if (seconds > slowest.seconds) slowest = { seconds, index };
    count1(codes, code);
    for (const found of new Set(said.join('\n').match(/DEFINITION\.\w+/g))) count1(refusals, found);
    const spot = index % SPOT === 0 ? byCommandLine(file) : code;
    if ((code !== 0 && code !== 2) || spot !== code || seconds > MOST_SECONDS) {
      failed.push(index);
      const kept = join(tmpdir(), `perennial-fuzz-${seed}-${index}.yaml`);
      writeFileSync(kept, bytes);
      console.log(
        `${index} ends with ${code} (command line ${spot}) after ${seconds} s: ${kept}\n${said.slice(0, 5).join('\n')}`,
      );
    }
    if ((index + 1) % 2_000 === 0) console.log(`${index + 1} of ${count}, ${failed.length} failed`);
  }
  rmSync(folder, { recursive: true });
  const rows = [
    ['definitions', count],
    ...[...codes].sort(([a], [b]) => a - b).map(([code, times]) => [`ended with ${code}`, times]),
    ['by the command line too', Math.ceil(count / SPOT)],
    ['failed', failed.length],
    ['most processor time (ms)', Math.round(slowest.seconds * 1_000)],
    ...[...refusals].sort(([, a], [, b]) => b - a).map(([found, times]) => [`with ${found}`, times]),
  ];
  console.log(
    ['| what | how many |', '| --- | --- |', ...rows.map(([what, times]) => `| ${what} | ${times} |`)].join('\n'),
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function byCommandLine(file) {
  return spawnSync('node', [join(root, 'apps/cli/bin/perennial.js'), 'definition', 'validate', file]).status;
}

void main();
