/**
 * Programs that the bench measures, each a process of its own.
 *
 * 1. However the bench ends short of SIGKILL, they end too (`exit` hook).
 * 2. After a SIGKILL the next bench finds them in the record of processes, as it finds the servers.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Environment } from '@perennial/config';
import { identify, type RecordedProcess } from '@perennial/dev-stack';

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Environment;
  /** What it says when it goes on running but not working. */
  readonly gaveUp?: RegExp;
  readonly onSpawn: (process: RecordedProcess) => void;
}

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class Program {
  out = '';
  /** What it said for people, the end of it. */
  said = '';
  /** How it ended: `exit 0`, or a signal. */
  readonly ended: Promise<string>;
  private readonly gaveUp: Promise<string>;
  private giveUp: (how: string) => void = () => undefined;
  private readonly child: ChildProcess;

  constructor(private readonly options: ProgramOptions) {
    const { name, command, args, environment, onSpawn } = options;
    this.child = spawn(command, args, { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    this.gaveUp = new Promise((resolve) => (this.giveUp = resolve));
    this.child.stdout?.on('data', (bytes: Buffer) => (this.out += bytes.toString()));
    this.child.stderr?.on('data', (bytes: Buffer) => {
      this.hear(bytes.toString());
    });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        running.delete(this.child);
        resolve(error.message);
      });
      this.child.once('exit', (code, signal) => {
        running.delete(this.child);
        resolve(signal ?? `exit ${code ?? 0}`);
      });
    });
    const identity = identify(this.pid);
    if (identity !== null) onSpawn({ ...identity, name, gentle: 'SIGTERM' });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Rejects when the program ends or gives up; for races with what one waits for. */
  async failure(): Promise<never> {
    const how = await Promise.race([this.ended, this.gaveUp]);
    throw new Error(`${this.options.name} ended (${how}):\n${this.said.slice(-2_000)}`);
  }

  /** Resolves when it has ended by itself, without an error. */
  async finished(): Promise<void> {
    const how = await this.ended;
    if (how !== 'exit 0') await this.failure();
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private hear(text: string): void {
    this.said = (this.said + text).slice(-20_000);
    if (this.options.gaveUp?.test(text) === true) this.giveUp('it gave up');
  }
}
