import { environmentWith } from '@perennial/config';
import { EXIT, failureOf, terminal } from '@perennial/command-line';
import { createProgram } from './program';

/** Runs the command line; the exit code is set, and the process ends when nothing is left to do. */
async function main(argv: readonly string[]): Promise<void> {
  endOnBrokenOutput();
  try {
    await createProgram(terminal).parseAsync(argv);
  } catch (error) {
    const { code, text } = failureOf(error, environmentWith({})['DEBUG'] !== undefined);
    if (text !== null) terminal.say(...text.split('\n'));
    process.exitCode = code;
  }
}

/** `perennial watch | head -1` is no failure; a disk that is full is one. */
function endOnBrokenOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.ok);
      if (stream === process.stdout) terminal.say(`The output could not be written: ${error.message}.`);
      process.exit(EXIT.failure);
    });
  }
}

void main(process.argv);
