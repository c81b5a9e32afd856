/** `npm run bench`: measures the engine. Not a test: figures depend on the machine; answers must be right all the same. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { failureOf, onInterrupt } from '@perennial/command-line';
import { repository } from '@perennial/dev-stack';
import { type PartName, readOptions } from './options';
import { deadlines } from './parts/deadlines';
import { latency } from './parts/latency';
import { layout } from './parts/layout';
import type { Bench, Part } from './parts/part';
import { replay } from './parts/replay';
import { scale } from './parts/scale';
import { takeOver } from './parts/take-over';
import { throughput } from './parts/throughput';
import type { PartResult } from './report/figure';
import { keptRuns } from './report/history';
import { page } from './report/page';
import type { RunReport } from './report/run-report';
import { settingOf } from './report/setting';
import { describe } from './report/table';
import { buildPeer } from './run/peer';
import { type Servers, startServers } from './run/servers';

const INTERRUPTED = 130;
/** Where runs are kept, by hand: `--json bench/results/DATE.json`. */
const RESULTS = join(repository, 'bench/results');
const parts: Readonly<Record<PartName, Part>> = {
  throughput,
  latency,
  deadlines,
  'take-over': takeOver,
  replay,
  scale,
  layout,
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  for (const file of [options.json, options.html]) if (file !== null) mkdirSync(dirname(file), { recursive: true });
  const { signal, release } = onInterrupt(() => Promise.resolve());
  const interrupted = once(signal, 'abort').then(() => Promise.reject(new Error('interrupted')));
  interrupted.catch(() => undefined); // told below, whenever it comes
  let servers: Servers | null = null;
  try {
    servers = await startServers(say, signal);
    const bench = { options, servers, peer: await buildPeer(options.peer, servers, say), say };
    const results = await Promise.race([measure(bench), interrupted]);
    report(bench, results);
    return results.some(({ wrong }) => wrong.length > 0) ? 1 : 0;
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    await servers?.end();
    release();
  }
}

/** A part that fails does not cost what the others found. */
async function measure(bench: Bench): Promise<PartResult[]> {
  const results: PartResult[] = [];
  for (const name of bench.options.parts) {
    bench.say(`== ${name}`);
    results.push(await parts[name](bench).catch((error: unknown) => failed(name, error)));
  }
  return results;
}

function failed(part: PartName, error: unknown): PartResult {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { part, figures: [], notes: [], wrong: [`it failed: ${why}`] };
}

function report({ options, servers, peer }: Bench, results: readonly PartResult[]): void {
  const { rounds, events, customers, partitions, quick, json, html } = options;
  const run: RunReport = {
    format: 1,
    setting: settingOf(new Date()),
    options: { rounds, events, customers, partitions, quick },
    servers: servers.settings,
    peer: peer.kind === 'built' ? 'built' : `missing: ${peer.reason}`,
    parts: results,
  };
  const text = `${JSON.stringify(run, null, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else process.stdout.write(`${describe(results)}\n`);
  if (json !== null && json !== '-') writeFileSync(json, text);
  if (html !== null) writeFileSync(html, page(run, keptRuns(RESULTS)));
}

main(process.argv).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const { code, text } = failureOf(error, true);
    if (text !== null) say(text);
    process.exit(code);
  },
);
