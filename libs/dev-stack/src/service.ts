import type { Running, ServiceOptions } from '@perennial/host';
import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repository } from './repository';
import type { StackHome } from './stack-home';

/** The built entry of a service. It handles no signals: whoever starts it decides when it ends. */
export interface Service {
  readonly name: string;
  start(options: ServiceOptions): Promise<Running>;
}

/** Loads the built entry `apps/NAME/src/service.ts`; apps may not import each other, so this happens at run time. */
export async function loadService(name: string, dist = join(repository, 'dist')): Promise<Service> {
  const entry = join(dist, 'apps', name, 'src', 'service.js');
  if (!existsSync(entry)) throw new Error(`The service ${name} is not built. Run \`npm run build\`.`);
  const loaded: unknown = await import(entry);
  if (!isServiceModule(loaded)) throw new Error(`${entry} does not export a function \`start\`.`);
  return { name, start: loaded.start };
}

function isServiceModule(loaded: unknown): loaded is Pick<Service, 'start'> {
  return typeof loaded === 'object' && loaded !== null && 'start' in loaded && typeof loaded.start === 'function';
}

/** Where a service of a stack writes its log; see `ServiceOptions`. */
interface ServiceLog {
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
 * Keeps a service's log in a file, and that of the run before beside it (`.previous`). Errors alone are passed to `say`, a line
 * each, and the same one once in a row.
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

/** After this long `say` is told what the start waits for. */
const SLOW_MS = 5_000;

/** Starts a service whose log is a file of the stack, and tells `say` what keeps it from starting. */
export async function startLogged(
  service: Service,
  options: Omit<ServiceOptions, 'logTo'>,
  home: Pick<StackHome, 'logs'>,
  say: (line: string) => void,
  slowMs = SLOW_MS,
): Promise<Running> {
  const file = join(home.logs, `${service.name}.log`);
  const log = openServiceLog(service.name, file, say);
  const slow = setTimeout(() => {
    const why = log.warning();
    say(`Still waiting for ${service.name}${why === null ? '' : `: ${why}`}; see ${file}`);
  }, slowMs);
  try {
    const running = await service.start({ ...options, logTo: log });
    const stop = (): Promise<void> =>
      running.stop().finally(() => {
        log.close();
      });
    return { url: running.url, stop };
  } catch (error) {
    log.close();
    throw error;
  } finally {
    clearTimeout(slow);
  }
}
