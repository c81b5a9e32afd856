import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

/** How long the stack is watched while nothing happens, and while one activity goes its way. */
const WINDOW_MS = 4_000;

/**
 * The production files that one activity passes, from the HTTP request to its facts on the log: those with a function that
 * ran because of it, and does not run while nothing happens. The development stack runs in a process of its own, on
 * servers of its own.
 */
export async function activityPath(repository: string, say: (line: string) => void): Promise<readonly string[]> {
  const home = mkdtempSync(join(tmpdir(), 'perennial-house-'));
  const stack = new Stack(repository, home);
  try {
    say('starting a stack of its own');
    await stack.up();
    await stack.order('warm');
    await wait(WINDOW_MS);
    await stack.functionsRun();
    say('watching it while nothing happens');
    await wait(WINDOW_MS);
    const idle = new Set(await stack.functionsRun());
    say('watching one activity');
    await stack.order('one');
    await wait(WINDOW_MS);
    const because = (await stack.functionsRun()).filter((name) => !idle.has(name));
    return [...new Set(because.map((name) => name.slice(0, name.lastIndexOf(':'))))].sort();
  } finally {
    await stack.end();
    rmSync(home, { recursive: true, force: true });
  }
}

class Stack {
  private readonly process: ChildProcess;
  private readonly ready: Promise<void>;

  constructor(
    private readonly repository: string,
    private readonly home: string,
  ) {
    const args = ['up', '--definition', join(repository, 'libs/definition/templates/retail.yaml')];
    this.process = spawn(
      process.execPath,
      ['--require', join(__dirname, 'coverage.js'), join(repository, 'dist/apps/cli/src/main.js'), ...args],
      { env: { ...process.env, PERENNIAL_HOME: home }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
    );
    this.ready = this.saysUp();
    this.ready.catch(() => undefined); // told by `up`
  }

  up(): Promise<void> {
    return this.ready;
  }

  /** An order of a customer who is new: enters, moves, and is told on three topics. */
  async order(customer: string): Promise<void> {
    const [key = ''] = Object.keys(this.read('keys/write-keys.json'));
    const { collector } = this.read('ports.json');
    const answer = await fetch(`http://127.0.0.1:${String(collector)}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ userId: customer, event: 'Order Completed', properties: { total: '25.00' } }),
    });
    if (!answer.ok) throw new Error(`the collector answered ${answer.status}: ${await answer.text()}`);
  }

  /** Functions that ran since it was asked last. */
  async functionsRun(): Promise<readonly string[]> {
    const answer = once(this.process, 'message') as Promise<[readonly string[]]>;
    this.process.send('functions');
    return (await answer)[0];
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, 'exit');
    this.process.kill('SIGINT');
    await exit;
  }

  private async saysUp(): Promise<void> {
    const { stderr } = this.process;
    if (stderr === null) return;
    const told: string[] = [];
    for await (const line of createInterface({ input: stderr })) {
      told.push(line);
      if (!line.startsWith('Up.')) continue;
      stderr.resume();
      return;
    }
    throw new Error(`the stack did not start:\n${told.slice(-20).join('\n')}`);
  }

  private read(file: string): Record<string, unknown> {
    return JSON.parse(readFileSync(join(this.home, file), 'utf8')) as Record<string, unknown>;
  }
}
