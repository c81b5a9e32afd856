/** The terminals of a walk: bash in one folder, with `npx perennial` as in a clone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { waitFor } from '../e2e/wait-for';
import { readUpTo, type Step, withoutProgress } from './walk';

const PERENNIAL = join(__dirname, '../../node_modules/.bin/perennial');

const PATIENCE_MS = 40_000;

interface Running {
  readonly child: ChildProcess;
  readonly lines: () => readonly string[];
  /** Lines that the page has told. */
  told: number;
}

export class Terminals {
  private readonly running = new Map<string, Running>();
  private readonly environment: NodeJS.ProcessEnv;
  /** Where a command of the reader's own terminal leaves its variables to the next one. */
  private readonly variables: string;

  constructor(
    private readonly folder: string,
    environment: NodeJS.ProcessEnv,
  ) {
    const programs = mkdtempSync(join(tmpdir(), 'perennial-walk-'));
    writeFileSync(join(programs, 'npx'), `#!/bin/bash\nshift\nexec "${PERENNIAL}" "$@"\n`);
    chmodSync(join(programs, 'npx'), 0o755);
    this.environment = { ...environment, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` };
    this.variables = join(programs, 'variables');
    writeFileSync(this.variables, '');
  }

  /** Throws when it does not print what the page tells, or ends otherwise. */
  async take(step: Step): Promise<void> {
    if (step.terminal === null) await this.runToEnd(step);
    else await this.readOn(step, step.terminal);
  }

  /** Ctrl-C in all of them; the exit codes. */
  async end(): Promise<readonly (number | null)[]> {
    return await Promise.all([...this.running.values()].toReversed().map(({ child }) => interrupted(child)));
  }

  private async runToEnd({ line, command, prints, exit }: Step): Promise<void> {
    if (command === null) throw new Error(`line ${line}: a block without a command needs a terminal`);
    const { child, lines } = this.open(this.withVariables(command));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    if (readUpTo(prints, lines(), true) === null) throw differs(line, command, prints, lines());
    if (code !== exit) throw new Error(`line ${line}: ${command}: exit code ${code}, not ${exit}`);
  }

  private async readOn({ line, command, prints }: Step, terminal: string): Promise<void> {
    if (command !== null) this.running.set(terminal, { ...this.open(`exec ${command}`), told: 0 });
    const here = this.running.get(terminal);
    if (here === undefined) throw new Error(`line ${line}: nothing runs in terminal ${terminal}`);
    try {
      here.told = await waitFor(
        terminal,
        () => Promise.resolve(readUpTo(prints, here.lines(), false, here.told)),
        PATIENCE_MS,
      );
    } catch {
      throw differs(line, command ?? terminal, prints, here.lines().slice(here.told));
    }
  }

  /** As in a terminal, what one command sets (`KEY=$(…)`) is there for the next. */
  private withVariables(command: string): string {
    return `. "${this.variables}"; set -a; ${command}\nset -- $?; declare -px > "${this.variables}"; exit "$1"`;
  }

  private open(command: string): Pick<Running, 'child' | 'lines'> {
    const child = spawn('bash', ['-c', `exec 2>&1\n${command}`], {
      ...{ cwd: this.folder, env: this.environment, stdio: ['ignore', 'pipe', 'inherit'] as const },
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    return { child, lines: () => withoutProgress(text.split('\n').slice(0, -1)) };
  }
}

async function interrupted(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  return await exit;
}

const differs = (line: number, command: string, prints: readonly string[], actual: readonly string[]): Error =>
  new Error(`line ${line}: ${command}\n--- the page tells\n${prints.join('\n')}\n--- it printed\n${actual.join('\n')}`);
