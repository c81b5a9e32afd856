import { createTerminal, failureOf } from '@perennial/command-line';
import { createProgram } from '../program';

export interface Ran {
  readonly out: string;
  /** What stderr got. */
  readonly said: string;
  readonly code: number;
}

/** Runs the command line as main.ts does, in this process. */
export async function runProgram(...args: readonly string[]): Promise<Ran> {
  const written = { out: '', said: '' };
  const terminal = createTerminal(
    (text) => (written.out += text),
    (text) => (written.said += text),
  );
  const program = createProgram(terminal);
  const commands = [program, ...program.commands.flatMap((command) => [command, ...command.commands])];
  for (const command of commands) command.configureOutput({ writeOut: (text) => (written.out += text) });
  try {
    await program.parseAsync(['node', 'perennial', ...args]);
    return { ...written, code: 0 };
  } catch (error) {
    const { code, text } = failureOf(error, false);
    if (text !== null) terminal.say(...text.split('\n'));
    return { ...written, code };
  }
}
