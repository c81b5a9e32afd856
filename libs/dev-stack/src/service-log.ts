import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { z } from 'zod';

/** Where a service of a stack writes its log; see `ServiceOptions`. */
export interface ServiceLog {
  /** Takes one line of JSON. */
  write(line: string): void;
  /** What a person reads of its newest line that warns or worse; null: there was none. */
  warning(): string | null;
  /** What is written afterwards is dropped. */
  close(): void;
}

/** The part of a line that people read. */
const entry = z.object({
  level: z.string(),
  msg: z.string(),
  reason: z.string().optional(),
  err: z.object({ message: z.string() }).optional(),
});
const ERRORS: readonly string[] = ['error', 'fatal'];
const WARNINGS: readonly string[] = ['warn', ...ERRORS];

/**
 * Keeps a service's log in a file, and that of the run before beside it. The terminal hears of errors only, in one line
 * each, and of the same one only once in a row.
 */
export function openServiceLog(service: string, file: string, say: (line: string) => void): ServiceLog {
  if (existsSync(file)) renameSync(file, `${file}.previous`);
  const descriptor = openSync(file, 'a', 0o600);
  let open = true;
  let warned: string | null = null;
  let said = '';
  const sayOnce = (line: string): void => {
    if (line !== said) say(`${service}: ${line}; see ${file}`);
    said = line;
  };
  return {
    write: (line) => {
      if (!open) return;
      try {
        writeSync(descriptor, line);
      } catch (error) {
        sayOnce(`its log cannot be written: ${String(error)}`); // a service does not fail for its log
      }
      const { level, text } = read(line);
      if (WARNINGS.includes(level)) warned = text;
      if (ERRORS.includes(level)) sayOnce(text);
    },
    warning: () => warned,
    close: () => {
      open = false;
      closeSync(descriptor);
    },
  };
}

function read(line: string): { readonly level: string; readonly text: string } {
  const parsed = entry.safeParse(json(line)).data;
  if (parsed === undefined) return { level: 'error', text: oneLine(line) };
  const { level, msg, reason, err } = parsed;
  const why = reason ?? err?.message ?? '';
  return { level, text: oneLine(why === '' || why === msg ? msg : `${msg}: ${why}`) };
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');
