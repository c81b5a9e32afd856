import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { timeTextFlaw } from '@perennial/contracts';
import { InvalidInput, parseInstant, type Instant } from '@perennial/values';
import { EXIT, onInterrupt, openLateProgress, type Terminal } from '@perennial/command-line';
import { type HistoryArguments, openHistoryOf } from '../history/history-arguments';
import { openLineFile, type LineFile } from './line-file';
import { openShares } from './share-thread';
import { readDefinition } from '../definition/definition-file';
import { runReplay } from './run-replay';
import { describeReport, reportOf } from './report';

/** As the command line gives them. */
export interface ReplayArguments extends HistoryArguments {
  readonly definition: string;
  /** How many threads work, each on customers of its own. */
  readonly workers: number;
  readonly until?: string;
  readonly json?: true;
  readonly facts?: string;
  readonly states?: string;
}

/** Reads the definition and the history, replays, and writes what was asked for. */
export async function replay(options: ReplayArguments, terminal: Terminal): Promise<void> {
  refuseSharedFiles(options);
  const { signal, release } = onInterrupt(() => Promise.resolve());
  try {
    await replayHistory(options, terminal, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = EXIT.interrupted;
  } finally {
    release();
  }
}

async function replayHistory(options: ReplayArguments, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  const until = options.until === undefined ? null : readUntil(options.until);
  const definition = await readDefinition(options.definition);
  const history = await openHistoryOf(options, { order: orderFor(options), signal });
  if (history.total === 0) terminal.say(`${history.name} has no rows; the result is that of nobody.`);
  const progress = openLateProgress({ title: 'replay', unit: 'activities', total: history.total });
  let facts: LineFile | null = null;
  let states: LineFile | null = null;
  try {
    facts = openIfAsked(options.facts);
    states = openIfAsked(options.states);
    const replayed = await runReplay(
      { history, until, onFacts: facts?.line ?? null, onStates: states?.line ?? null, onProgress: progress.update },
      (job) => openShares(options.workers, definition, job),
    );
    progress.stop();
    const report = reportOf(replayed, definition, performance.now() - started);
    // Who reads the summary may read the files.
    facts?.close();
    states?.close();
    if (options.json === true) terminal.json(JSON.stringify(report));
    else terminal.out(...describeReport(report, replayed));
  } finally {
    progress.stop();
    facts?.abandon();
    states?.abandon();
    await history.close();
  }
}

/** Deadlines lie later, and are written with four digits of the year. */
const LAST_TIME = Date.UTC(9000, 0) - 1;

function readUntil(text: string): Instant {
  const until = parseInstant(text);
  if (until !== null && until <= LAST_TIME) return until;
  const says = until === null ? timeTextFlaw(text) : 'is later than the year 8999: write an earlier time';
  throw new InvalidInput('CLI.UNTIL', `--until${text === '' ? '' : ` ${text}`} ${says}.`);
}

/** A result must not overwrite what it is made from, nor another result. */
function refuseSharedFiles({ definition, input, facts, states }: ReplayArguments): void {
  const real = (file: string): string => (existsSync(file) ? realpathSync(file) : resolve(file));
  const read = [definition, input].map(real);
  const written = [facts, states].filter((file) => file !== undefined).map(real);
  const shared = written.find((file, index) => read.includes(file) || written.indexOf(file) !== index);
  if (shared === undefined) return;
  throw new InvalidInput('CLI.SAME_FILE', `${shared} is named twice; give --facts and --states files of their own.`);
}

function openIfAsked(file: string | undefined): LineFile | null {
  return file === undefined ? null : openLineFile(file);
}

/** Files tell of everybody in order of time; else one customer after another is faster, and none has to be kept. */
const orderFor = ({ facts, states }: ReplayArguments): 'time' | 'customer' =>
  facts === undefined && states === undefined ? 'customer' : 'time';
