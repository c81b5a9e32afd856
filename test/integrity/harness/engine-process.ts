import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Limits } from '@perennial/engine';
import type { CrashPoint } from '@perennial/processor';
import type { Installation } from '../../e2e/installation';
import { waitFor } from '../../e2e/wait-for';
import { PARTITIONS } from './filling';
import { LONG } from './long';

const PROGRAM = join(__dirname, 'engine-program.js');
/** Short times, so that take-overs do not make the tests long; LONG_TESTS=1 leaves the defaults. */
const QUICK = { SESSION_TIMEOUT_MS: '1000', HEARTBEAT_MS: '200', LEASE_MS: '500', REQUEST_TIMEOUT_MS: '500' };

export type Halt =
  | { readonly at: CrashPoint; readonly nth: number; readonly signal: 'SIGKILL' | 'SIGSTOP' }
  | { readonly after: number; readonly signal: 'SIGKILL' };

export interface EngineProgram {
  readonly halt?: Halt;
  readonly limits?: Partial<Limits>;
  /** Starts and stops for ever, so many milliseconds each. */
  readonly coming?: number;
  /** Over those of the installation. */
  readonly environment?: Readonly<Record<string, string>>;
}

interface Said {
  readonly url?: string;
  readonly halted?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

const running = new Set<EngineProcess>();

/** For `afterEach`: no test leaves a process behind, whatever became of it. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((engine) => engine.kill()));
}

/** The built engine as a process of its own. */
export class EngineProcess {
  /** How it ended: a signal, or `exit 0`. */
  readonly ended: Promise<string>;
  /** Resolves when it is at the point where it was to be halted. */
  readonly halted: Promise<void>;
  /** What it wrote to its log. */
  log = '';
  private readonly child: ChildProcess;
  private readonly said: Said[] = [];

  constructor(installation: Installation, { environment, ...program }: EngineProgram = {}) {
    this.child = spawn(process.execPath, [PROGRAM, JSON.stringify(program)], {
      env: {
        ...installation.environment,
        HTTP_PORT: '0',
        BATCH_MAX: '100',
        ...(LONG ? {} : QUICK),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr?.on('data', (bytes: Buffer) => (this.log += bytes.toString()));
    this.halted = this.listen();
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        running.delete(this);
        // Who waits for its work only sees that nothing happens.
        if (signal === null && code !== 0) process.stderr.write(`an engine failed:\n${this.log.slice(-2_000)}\n`);
        resolve(signal ?? `exit ${code ?? 0}`);
      });
    });
    running.add(this);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Its address, once it has a connection to everything. Fails when it ends before. */
  async url(): Promise<string> {
    const early = { how: '' };
    void this.ended.then((how) => (early.how = how));
    return waitFor('the engine to start', () => {
      if (early.how !== '') throw new Error(`the engine ended: ${early.how}\n${this.log.slice(-2_000)}`);
      return Promise.resolve(this.said.find(({ url }) => url !== undefined)?.url ?? null);
    });
  }

  /** Resolves when it has partitions and works. */
  async ready(): Promise<void> {
    let reasons: readonly string[] = [];
    const isReady = async () => {
      const now = await this.readiness();
      reasons = now.reasons;
      return now.ready ? true : null;
    };
    await waitFor('the engine to be ready', isReady).catch((error: unknown) => {
      throw new Error(`it says: ${reasons.join('; ')}\n${this.log.slice(-2_000)}`, { cause: error });
    });
  }

  /** Resolves when it says that it cannot work; with the reasons. */
  unready(): Promise<readonly string[]> {
    return waitFor('the engine to say that it is not ready', async () => {
      const { ready, reasons } = await this.readiness();
      return ready ? null : reasons;
    });
  }

  async readiness(): Promise<Readiness> {
    const response = await fetch(`${await this.url()}/health/ready`);
    const { reasons } = (await response.json()) as { reasons?: readonly { reason: string }[] };
    return { ready: response.ok, reasons: (reasons ?? []).map(({ reason }) => reason) };
  }

  /** The sum over the labels of a metric that contain `labels`. */
  async metric(name: string, labels = ''): Promise<number> {
    const text = await (await fetch(`${await this.url()}/metrics`)).text();
    return text
      .split('\n')
      .filter((line) => new RegExp(`^${name}[{ ]`).test(line) && line.includes(labels))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Resident memory in MiB. */
  memory(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]) / 1024;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const how = await this.ended;
    if (how !== 'exit 0') throw new Error(`the engine did not end in order: ${how}\n${this.log.slice(-2_000)}`);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private listen(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.stdout === null) return;
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        const said = JSON.parse(line) as Said;
        this.said.push(said);
        if (said.halted !== undefined) resolve();
      });
    });
  }
}

/** Resolves when each of two engines has half of the partitions. */
export async function sharing(...engines: readonly [EngineProcess, EngineProcess]): Promise<void> {
  await waitFor('both engines to have partitions', async () => {
    const owned = await Promise.all(engines.map((engine) => engine.metric('lifecycle_partitions_owned')));
    return owned.every((partitions) => partitions === PARTITIONS / 2) ? true : null;
  });
}
