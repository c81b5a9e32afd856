import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headerText, type LogRecord } from '@perennial/contracts';
import { emptyDatabase, type FreshDatabase } from '@perennial/testing';
import { createKafkaLog } from '@perennial/kafka';
import { type Log, prefixed } from '@perennial/stream';

const PERENNIAL = join(__dirname, '../../node_modules/.bin/perennial');
/** The installation's key. */
export const KEY = 'a key that is only for tests, 32 or more';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** An installation of its own on the servers of the test run: a database (or several), a topic prefix, a home. */
export class Installation {
  readonly environment: Record<string, string | undefined>;
  readonly key: string = KEY;
  private readonly home = mkdtempSync(join(tmpdir(), 'perennial-e2e-'));

  private constructor(
    readonly database: FreshDatabase,
    readonly prefix: string,
    brokers: string,
    /** The one that DATABASE_URL names, and those that a test names in DATABASE_URLS beside it. */
    readonly databases: readonly FreshDatabase[],
  ) {
    this.environment = {
      ...process.env,
      KAFKA_BROKERS: brokers,
      DATABASE_URL: database.url,
      TOPIC_PREFIX: prefix,
      PERENNIAL_KEY: KEY,
      PERENNIAL_HOME: this.home,
      REPLICATION_FACTOR: '1',
    };
  }

  static async create(
    name: string,
    brokers = process.env['KAFKA_BROKERS'] ?? '',
    database?: FreshDatabase,
    others: readonly FreshDatabase[] = [],
  ): Promise<Installation> {
    const first = database ?? (await emptyDatabase());
    return new Installation(first, `${name}-${process.pid}.`, brokers, [first, ...others]);
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
    const child = this.start(args, environment);
    const [out, err] = [collect(child.stdout), collect(child.stderr)];
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { code, out: await out, err: await err };
  }

  start(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
    return spawn(PERENNIAL, args, { env: { ...this.environment, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  log(): Log {
    const kafka = createKafkaLog({
      brokers: (this.environment['KAFKA_BROKERS'] ?? '').split(','),
      clientId: 'test',
      ssl: false,
      sasl: null,
      sessionTimeoutMs: 6_000,
      heartbeatMs: 1_000,
      requestTimeoutMs: 5_000,
      logger: silent,
    });
    return prefixed(kafka, this.prefix);
  }

  /** Everything that is in a topic now, in order per partition. */
  async records(topic: string): Promise<readonly (LogRecord & { readonly partition: number })[]> {
    const log = this.log();
    const records: (LogRecord & { readonly partition: number })[] = [];
    try {
      await log.reader().read({
        topic,
        from: 'beginning',
        until: await this.ends(topic, log),
        batch: ({ partition, records: read }) => {
          for (const record of read) records.push({ ...record, partition });
        },
      });
    } finally {
      await log.close();
    }
    return records;
  }

  async ends(topic: string, log: Log): Promise<ReadonlyMap<number, number>> {
    const admin = log.admin();
    await admin.connect();
    const offsets = await admin.offsets(topic);
    await admin.close();
    return new Map(offsets.map(({ partition, high }) => [partition, high]));
  }

  async remove(): Promise<void> {
    for (const database of this.databases) await database.drop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** What readers are told to do: per partition, drop every record whose id is at or below the high-water. */
export function withoutRepeats<T extends LogRecord & { readonly partition: number }>(records: readonly T[]): T[] {
  const high = new Map<string, readonly [number, number]>();
  return records.filter(({ headers, partition }) => {
    const [source, offset, index] = positionOf(headerText(headers, 'ce_id') ?? '');
    const name = `${partition}/${source}`;
    const [o, i] = high.get(name) ?? [-1, -1];
    if (offset < o || (offset === o && index <= i)) return false;
    high.set(name, [offset, index]);
    return true;
  });
}

function positionOf(id: string): readonly [string, number, number] {
  const [topic = '', partition = '', offset = '', index = ''] = id.split(':');
  return [`${topic}:${partition}`, Number(offset), Number(index)];
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}
