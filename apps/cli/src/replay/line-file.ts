import { appendFileSync, closeSync, openSync } from 'node:fs';
import { InvalidInput } from '@perennial/contracts';

/** A text file that is written line by line. */
export interface LineFile {
  line(text: string): void;
  /** Writes what is left. */
  close(): void;
}

/** About what is kept in memory before it is written, in characters. */
const BUFFERED = 65_536;

/** Empties or creates the file. Throws `InvalidInput` when it cannot be written. Writing blocks, so memory stays bounded. */
export function openLineFile(file: string): LineFile {
  const descriptor = open(file);
  let lines: string[] = [];
  let length = 0;
  const flush = (): void => {
    appendFileSync(descriptor, lines.join(''));
    lines = [];
    length = 0;
  };
  return {
    line: (text) => {
      lines.push(text, '\n');
      length += text.length + 1;
      if (length >= BUFFERED) flush();
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
}

function open(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    const reason = String(cause).replace(/^Error: /, '');
    const message = `The output cannot be written: ${reason}. Check the path and its permissions.`;
    throw new InvalidInput('CLI.UNWRITABLE', message, { cause });
  }
}
