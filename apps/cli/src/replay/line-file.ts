import { appendFileSync, closeSync, openSync } from 'node:fs';
import { excerpt, fileTrouble, InvalidInput } from '@perennial/values';

/** A text file that is written line by line. Throws when it cannot be written, and says which and why. */
export interface LineFile {
  readonly line: (text: string) => void;
  /** Writes what is left. */
  close(): void;
  /** Gives up what is not written yet; nothing after `close`. */
  abandon(): void;
}

/** About what is kept in memory before it is written, in characters. */
const BUFFERED = 65_536;

/** Empties or creates the file. Throws `InvalidInput` when it cannot be opened. Writing blocks, so memory stays bounded. */
export function openLineFile(file: string): LineFile {
  const descriptor = open(file);
  let isOpen = true;
  let lines: string[] = [];
  let length = 0;
  const flush = (): void => {
    writing(file, () => {
      appendFileSync(descriptor, lines.join(''));
    });
    lines = [];
    length = 0;
  };
  const shut = (): void => {
    isOpen = false;
    closeSync(descriptor);
  };
  return {
    line: (text) => {
      lines.push(text, '\n');
      length += text.length + 1;
      if (length >= BUFFERED) flush();
    },
    close: () => {
      flush();
      writing(file, shut);
    },
    abandon: () => {
      if (isOpen) shut();
    },
  };
}

function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new Error(`${file} could not be written to its end: ${reasonOf(cause)}. It is not complete.`, { cause });
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    const message = `The output cannot be written: ${fileTrouble(cause)}: "${excerpt(file)}". Check the path and its permissions.`;
    throw new InvalidInput('CLI.UNWRITABLE', message, { cause });
  }
}

const reasonOf = (error: unknown): string => String(error).replace(/^Error: /, '');
