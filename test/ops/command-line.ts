import { createTerminal, failureOf } from '@perennial/command-line';
import { createProgram } from '../../apps/cli/src/program';
import type { Ended, Installation } from '../e2e/installation';

/** The environment of the test run: where other specs find their servers. */
const outside = { ...process.env };
let running = 0;

/** Runs `perennial` within this process, as main.ts does; a process for each command costs most of a spec's time. */
export async function perennial({ environment }: Installation, ...args: readonly string[]): Promise<Ended> {
  const written = { out: [] as string[], err: [] as string[] };
  const collect = (to: string[]) => (text: string) => void to.push(text.replace(/\n$/, ''));
  const program = createProgram(createTerminal(collect(written.out), collect(written.err)));
  const ended = (code: number) => ({ code, out: written.out.join('\n'), err: written.err.join('\n') });
  for (const command of [program, ...program.commands.flatMap((child) => [child, ...child.commands])])
    command.configureOutput({ writeOut: (text) => written.out.push(text), writeErr: (text) => written.err.push(text) });
  Object.assign(process.env, environment);
  running += 1;
  try {
    await program.parseAsync(['node', 'perennial', ...args]);
    return ended(0);
  } catch (error) {
    const { code, text } = failureOf(error, false);
    if (text !== null) written.err.push(text);
    return ended(code);
  } finally {
    running -= 1;
    if (running === 0) Object.assign(process.env, outside);
  }
}
