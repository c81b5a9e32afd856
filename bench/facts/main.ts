/** `npm run facts -- --against COMMIT`: whether this tree decides byte for byte what another commit decides. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { failureOf } from '@perennial/command-line';
import { readEnvironment, toolEnvironment } from '@perennial/config';
import { repository, stackHome } from '@perennial/dev-stack';
import { checkOut } from '../against/checkout';
import { type Comparison, describe, isEqual } from './comparison';
import { replayed } from './replayed';
import { samplesIn } from './samples';
import { comparedOverLogs } from './simulated';

const HELP = `
The other commit is built once, in the cache folder. Both builds replay the retail sample, the files of the tutorial's pages
and made-up lines of a mobile operator (definitions: those of this tree), and decide the logs that simulated runs of the
other build leave. No server is needed; 500 seeds take some minutes.

Exit codes: 0 all is equal, 1 something differs, 2 bad arguments.

Examples:
  npm run facts -- --against HEAD~1
  npm run --silent facts -- --against e9f837e --seeds 50 --json`;

interface Options {
  readonly against: string;
  readonly seeds: number;
  readonly json: boolean;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main({ against, seeds, json }: Options): Promise<void> {
  const { cache } = stackHome(readEnvironment(toolEnvironment));
  const { hash, folder: theirs } = await checkOut(against, cache, say);
  const comparisons = await compared({ ours: repository, theirs }, seeds);
  if (json) process.stdout.write(`${JSON.stringify({ against: hash, comparisons: comparisons.map(withVerdict) })}\n`);
  else process.stdout.write(`${describe(comparisons, { ours: 'this tree', theirs: hash.slice(0, 7) })}\n`);
  process.exitCode = comparisons.every(isEqual) ? 0 : 1;
}

const withVerdict = (comparison: Comparison) => ({ ...comparison, equal: isEqual(comparison) });

async function compared(folders: Readonly<Record<'ours' | 'theirs', string>>, seeds: number): Promise<Comparison[]> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-facts-'));
  const comparisons: Comparison[] = [];
  try {
    for (const sample of samplesIn(folder)) {
      say(sample.name);
      const [ours, theirs] = [
        await replayed(folders.ours, sample, join(folder, 'ours.ndjson')),
        await replayed(folders.theirs, sample, join(folder, 'theirs.ndjson')),
      ];
      comparisons.push({ name: sample.name, ours, theirs });
    }
    if (seeds > 0) comparisons.push(await comparedOverLogs(folders, seeds, say));
    return comparisons;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function whole(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number is needed.');
}

new Command('npm run facts --')
  .description('compares the facts of this tree with those of another commit, byte for byte')
  .requiredOption('--against <commit>', 'any name that git knows')
  .option('--seeds <n>', 'of the simulation; 0: none', whole, 500)
  .option('--json', 'print the result as one line of JSON', false)
  .addHelpText('after', HELP)
  .exitOverride()
  .action((options: Options) => main(options))
  .parseAsync()
  .catch((error: unknown) => {
    const { code, text } = failureOf(error, true);
    if (text !== null) say(text);
    process.exitCode = code;
  });
