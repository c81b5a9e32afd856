/** `npm run bench:profile -- FILE [ACTIVITIES]`: where the time of a CPU profile went. */
import { readFileSync } from 'node:fs';
import { type Profile, shares } from './shares';

const USAGE = `Usage: npm run bench:profile -- <file.cpuprofile> [activities]

Prints where the main thread's time went; with the number of activities, in microseconds of each.

Example:
  BENCH_NODE_ARGUMENTS="--cpu-prof --cpu-prof-dir=tmp/profiles" npm run bench -- throughput --rounds 1
  npm run bench:profile -- tmp/profiles/CPU.*.001.cpuprofile 1000000`;

const [file, activities] = process.argv.slice(2);
const count = activities === undefined ? null : Number(activities);
if (file === undefined || file === '--help' || (count !== null && !(count > 0))) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = file === '--help' ? 0 : 2;
} else {
  const parts = shares(JSON.parse(readFileSync(file, 'utf8')) as Profile);
  const total = parts.reduce((sum, { micros }) => sum + micros, 0);
  for (const { part, micros } of parts) {
    const each = count === null ? '' : `${(micros / count).toFixed(1)} µs`.padStart(11);
    const seconds = `${(micros / 1e6).toFixed(2)} s`.padStart(9);
    process.stdout.write(
      `${part.padEnd(36)}${seconds}${`${((micros / total) * 100).toFixed(1)} %`.padStart(9)}${each}\n`,
    );
  }
}
