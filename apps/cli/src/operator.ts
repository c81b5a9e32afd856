import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { hostname, userInfo } from 'node:os';

/** Whether there is a person at a terminal. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Asks for a yes on the terminal, default no; null when there is nobody to ask. Rejects when `signal` aborts. */
export async function confirm(question: string, signal?: AbortSignal): Promise<boolean | null> {
  const answer = await ask(`${question} [y/N] `, signal);
  return answer === null ? null : /^(y|yes)$/i.test(answer);
}

/** Asks the person at the terminal for one of some words, until it is one; null when there is nobody to ask. */
export async function choose<Word extends string>(
  question: string,
  words: readonly Word[],
  signal?: AbortSignal,
): Promise<Word | null> {
  for (;;) {
    const answer = await ask(`${question} [${words.join('/')}] `, signal);
    if (answer === null) return null;
    const chosen = words.find((word) => word === answer.toLowerCase());
    if (chosen !== undefined) return chosen;
  }
}

/** Null also for Ctrl-D. Ctrl-C while it asks goes to the program, as it does otherwise. */
async function ask(question: string, signal?: AbortSignal): Promise<string | null> {
  if (!canAsk()) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = terminal.question(question, signal === undefined ? {} : { signal });
    return await Promise.race([answer.then((text) => text.trim()), once(terminal, 'close').then(() => null)]);
  } finally {
    terminal.close();
  }
}

/** Who runs the command (user@machine): stored with what operators do. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`;
}
