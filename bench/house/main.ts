/** `npm run house`: sizes, names and edges of the code, and the files that one activity passes. */
import { join } from 'node:path';
import { Command } from 'commander';
import { activityPath } from './activity-path';
import { figuresOf } from './figures';
import { circles, importGraph, reachesIntoApps } from './imports';
import { describeHouse, type PassedFile } from './report';
import { readSources, type Source } from './sources';

const HELP = `
Counts files that are run: specs, and what only tests use, are left out. "explained" is the share of exported
declarations with a docstring, "public" the names in the index of a lib. The files that one activity passes are
found by running a stack of its own (about half a minute).

Examples:
  npm run house
  npm run --silent house -- --json > house.json
  npm run house -- --no-activity`;

interface Options {
  readonly json: boolean;
  readonly activity: boolean;
}

async function main({ json, activity }: Options): Promise<void> {
  const repository = join(__dirname, '../../..');
  const sources = readSources(repository);
  const graph = importGraph(sources);
  const production = sources.filter(({ kind }) => kind === 'production');
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const report = {
    projects: figuresOf(sources),
    circles: circles(importGraph(sources.filter(({ kind }) => kind !== 'test'))),
    reachesIntoApps: reachesIntoApps(graph),
    activityPath: activity ? passed(production, await activityPath(repository, say)) : null,
  };
  process.stdout.write(`${json ? JSON.stringify(report) : describeHouse(report)}\n`);
}

const passed = (production: readonly Source[], files: readonly string[]): readonly PassedFile[] =>
  production.filter(({ file }) => files.includes(file)).map(({ file, lines }) => ({ file, lines }));

void new Command('npm run house --')
  .description('the figures of the house: sizes, names, edges, the way of one activity')
  .option('--json', 'print them as one line of JSON', false)
  .option('--no-activity', 'leave out the way of one activity, which needs servers')
  .addHelpText('after', HELP)
  .action((options: Options) => main(options))
  .parseAsync();
