import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { join } from 'node:path';
import { repository } from '@perennial/dev-stack';
import { type Distribution, DISTRIBUTIONS } from './load/population';

/** What is measured unless parts are named. */
export const USUAL = ['throughput', 'latency', 'deadlines', 'take-over', 'replay'] as const;
export const PARTS = [...USUAL, 'scale', 'layout'] as const;
export type PartName = (typeof PARTS)[number];

export interface Options {
  readonly parts: readonly PartName[];
  readonly rounds: number;
  readonly events: number;
  readonly customers: number;
  readonly partitions: number;
  /** Processes of our engine in throughput. */
  readonly engines: number;
  /** Of customers, in throughput. */
  readonly distributions: readonly Distribution[];
  /** Customers of scale, one size after the other. */
  readonly sizes: readonly number[];
  /** A commit whose build takes turns with ours in throughput, in place of the peer; null: none. */
  readonly against: string | null;
  /** Small sizes that show that everything works; its figures say nothing. */
  readonly quick: boolean;
  /** Where the sources of the peer are. */
  readonly peer: string;
  /** A file, or `-` for stdout. */
  readonly json: string | null;
  readonly html: string | null;
}

const HELP = `
Parts (all but scale and layout, unless named):
  throughput  drained rate: our engine, the Kafka Streams peer, raw consume and parse; answers compared with an oracle
  latency     from sending an activity to reading its move, both engines, at 1,000/s and 10,000/s
  deadlines   lateness with a million armed and 5,000 activities/s beside; a burst due in the same second; after downtime
  take-over   from SIGKILL to the first new fact of another engine; memory per cached customer
  replay      perennial replay of the retail template over generated orders, on one core
  scale       cost per activity and per customer, from ten thousand to five million customers; long
  layout      three ways to keep changed states in PostgreSQL, without engine and broker; long

Servers: KAFKA_BROKERS and DATABASE_URL where set, else a broker and a database of its own, all durability on.
Settings of the engine (BATCH_MAX and the like) are taken from the environment and reported.

Exit codes:
  0   measured; goals that are missed are shown, and do not fail
  1   failed, or an engine gave a wrong answer
  2   bad arguments
  130 interrupted

Examples:
  npm run bench -- throughput --quick
  npm run bench -- throughput latency --rounds 5 --json bench/results/2026-12-01.json --html bench.html
  npm run bench -- throughput --against HEAD~1     processor time per activity of both, and the ratio
  npm run bench -- scale --sizes 10000,200000
  npm run --silent bench -- replay --json -`;

const defaultPeer = join(repository, '../shared/bench/kafka-streams-peer');
const QUICK = { rounds: 2, events: 100_000, customers: 25_000, sizes: [1_000, 10_000] };
const FULL = {
  rounds: 5,
  events: 1_000_000,
  customers: 250_000,
  sizes: [10_000, 100_000, 1_000_000, 5_000_000],
};

interface Given extends Partial<typeof FULL> {
  readonly partitions: number;
  readonly engines: number;
  readonly distribution?: Distribution;
  readonly against?: string;
  readonly quick: boolean;
  readonly peer: string;
  readonly json?: string;
  readonly html?: string;
}

/** Throws `CommanderError`; help and mistakes have been printed then. */
export function readOptions(argv: readonly string[]): Options {
  const command = new Command('bench')
    .description('measures the engine; progress goes to stderr, the result to stdout')
    .addArgument(new Argument('[parts...]', 'what to measure').choices(PARTS))
    .option('--rounds <n>', `rounds of throughput and layout (${FULL.rounds}; quick: ${QUICK.rounds})`, positive)
    .option('--events <n>', `activities of throughput (${FULL.events}; quick: ${QUICK.events})`, positive)
    .option('--customers <n>', `customers of throughput (${FULL.customers}; quick: ${QUICK.customers})`, positive)
    .option('--partitions <n>', 'partitions of every topic', positive, 4)
    .option('--engines <n>', 'processes of our engine in throughput', positive, 1)
    .addOption(new Option('--distribution <name>', 'customers of throughput (default: both)').choices(DISTRIBUTIONS))
    .option('--sizes <n,n>', `customers of scale (${FULL.sizes.join()}; quick: ${QUICK.sizes.join()})`, ascending)
    .option('--against <commit>', 'throughput beside the build of another commit, in place of the peer')
    .option('--quick', 'small sizes, to see that everything works', false)
    .option('--peer <folder>', 'sources of the Kafka Streams peer', defaultPeer)
    .option('--json <file>', 'write the result as JSON; - is stdout, then without the table')
    .option('--html <file>', 'write a page with the result and the history in bench/results')
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride()
    .parse(argv);
  const { json = null, html = null, distribution, against = null, ...given } = command.opts<Given>();
  const parts = command.args as PartName[];
  if (against !== null && parts.join() !== 'throughput')
    command.error('--against compares throughput alone: npm run bench -- throughput --against COMMIT');
  return {
    ...(given.quick ? QUICK : FULL),
    ...given,
    distributions: distribution === undefined ? DISTRIBUTIONS : [distribution],
    against,
    json,
    html,
    parts: parts.length === 0 ? USUAL : parts,
  };
}

function positive(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number above zero is needed.');
}

function ascending(text: string): number[] {
  const sizes = text.split(',').map(positive);
  if (sizes.every((size, index) => index === 0 || size > (sizes[index - 1] ?? 0))) return sizes;
  throw new InvalidArgumentError('Each size must be larger than the one before.');
}
