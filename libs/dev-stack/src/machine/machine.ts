import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { environmentWith } from '@perennial/config';
import { terminal } from '@perennial/command-line';

/** What can be asked of and done to this machine. */
export interface Machine {
  readonly root: boolean;
  has(program: string): boolean;
  /** Whether its package manager knows the package. */
  offers(aptPackage: string): boolean;
  /** Runs a command with its output on stderr; whether it succeeded. */
  run(command: string, args: readonly string[]): boolean;
  /** Asks the person at the terminal; null when there is nobody to ask. */
  ask(question: string): Promise<boolean> | null;
  say(line: string): void;
}

export const thisMachine: Machine = {
  root: process.getuid?.() === 0,
  has: (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined,
  offers: (name) => spawnSync('apt-cache', ['show', '--no-all-versions', name], { stdio: 'ignore' }).status === 0,
  run: (command, args) =>
    spawnSync(command, args, { stdio: ['ignore', 2, 2], env: environmentWith({ DEBIAN_FRONTEND: 'noninteractive' }) })
      .status === 0,
  ask: (question) => (process.stdin.isTTY && process.stderr.isTTY ? confirm(question) : null),
  say: terminal.say,
};

async function confirm(question: string): Promise<boolean> {
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|)$/i.test((await questions.question(`${question} [Y/n] `)).trim());
  } finally {
    questions.close();
  }
}
