/** Our engine as in production: the built command line, `perennial engine`, in a process of its own. */
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { environmentWith } from '@perennial/config';
import { createInspection, type Databases, type Inspection, openDatabases } from '@perennial/store';
import { TOPIC } from '@perennial/contracts';
import { repository } from '@perennial/dev-stack';
import { INSTALLATION_KEY } from '../load/commands';
import { createDatabase, type RunDatabase } from './database';
import { Program } from './program';
import type { Servers } from './servers';
import type { Site } from './site';
import { cpuSeconds, residentMib } from './usage';

const POLL_MS = 100;
/** Longer than any pause of a healthy engine, a take-over included. */
const STANDSTILL_MS = 60_000;
/** Counting millions of rows takes a while. */
const COUNTING_MS = 300_000;
const UP = /is up: (\S+)\/health\/ready/;

/** How an engine got through the log; instants in milliseconds of wall time. */
export interface Drained {
  readonly records: number;
  /** When the first partition was claimed. */
  readonly claimedAt: number;
  /** When the last record was seen committed. */
  readonly doneAt: number;
}

/** As `node_modules/.bin/perennial` runs it; for profiles with `BENCH_NODE_ARGUMENTS="--cpu-prof --cpu-prof-dir=tmp/profiles"`. */
const PERENNIAL = join(repository, 'apps/cli/bin/perennial.js');

function commandLine(): { readonly command: string; readonly args: readonly string[] } {
  const extra = (environmentWith({})['BENCH_NODE_ARGUMENTS'] ?? '').split(' ').filter(Boolean);
  if (extra.length === 0) return { command: PERENNIAL, args: ['engine'] };
  return { command: process.execPath, args: [...extra, PERENNIAL, 'engine'] };
}

/** A database of its own, made for a run, and the engines that work on it. */
export class Installation {
  private readonly databases: Databases;
  private readonly inspection: Inspection;

  private constructor(
    private readonly servers: Servers,
    private readonly site: Site,
    private readonly at: RunDatabase,
  ) {
    const whole = { first: 0, last: site.partitions - 1, url: at.url };
    const options = { connections: 1, queryTimeoutMs: COUNTING_MS, applicationName: 'bench' };
    this.databases = openDatabases([whole], options);
    this.inspection = createInspection(this.databases);
  }

  static async create(servers: Servers, site: Site): Promise<Installation> {
    return new Installation(servers, site, await createDatabase(servers.databaseUrl));
  }

  /** Starts an engine in so many processes; what the environment says of it (BATCH_MAX and the like) stays. */
  start(processes = 1): EngineRun {
    const program = (): Program =>
      new Program({
        name: 'engine',
        ...commandLine(),
        environment: environmentWith(
          {
            KAFKA_BROKERS: this.site.brokers,
            DATABASE_URL: this.at.url,
            TOPIC_PREFIX: this.site.prefix,
            PERENNIAL_KEY: INSTALLATION_KEY,
            PARTITIONS: String(this.site.partitions),
            REPLICATION_FACTOR: '1',
            HTTP_PORT: '0',
          },
          { LOG_LEVEL: 'warn' },
        ),
        gaveUp: /"level":"fatal"/,
        onSpawn: this.servers.onSpawn,
      });
    return new EngineRun(Array.from({ length: processes }, program));
  }

  /**
   * Resolves when everything that is in the activity topic now is committed and published. Calls back with the records
   * done so far.
   */
  async drained(engine: EngineRun, onProgress: (done: number) => void): Promise<Drained> {
    const ends = await this.site.offsets(TOPIC.activity);
    const ended = engine.failure();
    let doneAt: number | null = null;
    for (let seen = 0, since = Date.now(); ; ) {
      const claims = await Promise.race([this.claims(), ended]);
      const done = claims.reduce((sum, { nextOffset }) => sum + nextOffset, 0);
      if (done !== seen) [seen, since] = [done, Date.now()];
      onProgress(done);
      const next = new Map(claims.map(({ partition, nextOffset }) => [partition, nextOffset]));
      if (ends.every(({ partition, high }) => (next.get(partition) ?? 0) >= high)) {
        doneAt ??= Date.now();
        if (claims.every(({ blobs }) => blobs === 0))
          return { records: done, claimedAt: Math.min(...claims.map(({ claimedAt }) => claimedAt)), doneAt };
      }
      if (Date.now() - since > STANDSTILL_MS)
        throw new Error(`The engine has done nothing for ${STANDSTILL_MS / 1000} s:\n${engine.said}`);
      await wait(POLL_MS);
    }
  }

  /** Resolves when the engine, which has nothing to do any more, has brought all rows of states up to date. */
  async rowsWritten(engine: EngineRun): Promise<void> {
    const ended = engine.failure();
    for (let seen = -1, since = Date.now(); ; ) {
      const logged = await Promise.race([this.loggedBytes(), ended]);
      if (logged === 0) return;
      if (logged !== seen) [seen, since] = [logged, Date.now()];
      if (Date.now() - since > STANDSTILL_MS)
        throw new Error(`Rows are not brought up to date, ${logged} bytes are logged:\n${engine.said}`);
      await wait(POLL_MS);
    }
  }

  /** What a statement of this name returns: one row of whole numbers. */
  async measure<Name extends string>(name: string, text: string): Promise<Readonly<Record<Name, number>>> {
    const [row] = await this.databases.of(0).query<Readonly<Record<Name, number>>>({ name, text, values: [] });
    if (row === undefined) throw new Error(`no row of ${name}`);
    return row;
  }

  async remove(): Promise<void> {
    await this.databases.close();
    await this.at.drop();
  }

  private async loggedBytes(): Promise<number> {
    const text = 'SELECT coalesce(sum(length(bytes)), 0)::bigint AS bytes FROM state_log';
    return (await this.measure<'bytes'>('bench-logged', text)).bytes;
  }

  /** Nothing before the engine has made its tables. */
  private async claims(): ReturnType<Inspection['claims']> {
    const schemas = await Promise.all(this.inspection.databases.map((database) => database.schema()));
    return schemas.some(({ missing }) => missing.length > 0) ? [] : this.inspection.claims();
  }
}

/** One engine, in one process or several that share its partitions. */
export class EngineRun {
  constructor(private readonly programs: readonly Program[]) {}

  /** Address of the first process; resolves when it has started. */
  async url(): Promise<string> {
    const ended = this.failure();
    for (;;) {
      const url = UP.exec(this.programs[0]?.said ?? '')?.[1];
      if (url !== undefined) return url;
      await Promise.race([wait(POLL_MS), ended]);
    }
  }

  /** What the processes said for people. */
  get said(): string {
    return this.programs.map(({ said }) => said).join('\n');
  }

  get cpuSeconds(): number {
    return this.sum((pid) => cpuSeconds(pid));
  }

  residentMib(which: 'now' | 'peak'): number {
    return this.sum((pid) => residentMib(pid, which));
  }

  /** Rejects when a process ends or gives up; for races with what one waits for. */
  failure(): Promise<never> {
    return Promise.race(this.programs.map((program) => program.failure()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop()));
  }

  async kill(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.kill()));
  }

  private sum(of: (pid: number) => number | null): number {
    return this.programs.reduce((sum, { pid }) => sum + (of(pid) ?? Number.NaN), 0);
  }
}
