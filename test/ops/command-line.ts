import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Ended, Installation } from '../e2e/installation';

interface Answer {
  readonly id: number;
  readonly ended: Ended;
}

let host: ChildProcess | null = null;
let calls = 0;

afterAll(() => {
  host?.disconnect();
  host = null;
});

/** Runs a command of the built `perennial` to its end, in the process that runs those of this spec (command-host.js). */
export function perennial({ environment }: Installation, ...args: readonly string[]): Promise<Ended> {
  const process = (host ??= fork(join(__dirname, 'command-host.js'), { stdio: 'inherit' }));
  const id = ++calls;
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => {
      reject(new Error(`the process of the commands ended with ${code}`));
    };
    const answered = (answer: Answer): void => {
      if (answer.id !== id) return;
      process.off('message', answered).off('exit', ended);
      resolve(answer.ended);
    };
    process.on('message', answered).once('exit', ended);
    process.send({ id, args, environment });
  });
}
