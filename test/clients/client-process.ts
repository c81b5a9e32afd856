/** A client library in a program of its own (`programs`), used as its users do; program.js says how it speaks with the test. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PAGE_ORIGIN } from './restarted-collector';

/** What a library said of the events that it was given, by their numbers. */
export interface Report {
  /** It was told that they are taken. */
  readonly taken: readonly number[];
  /** It gave them up. */
  readonly refused: readonly { readonly number: number; readonly reason: string }[];
}

export interface Sending {
  readonly url: string;
  readonly key: string;
  readonly events: number;
}

const running = new Set<ChildProcessWithoutNullStreams>();

/** For `afterEach`: no test leaves a program behind, whatever became of it. */
export function endClients(): void {
  for (const child of running) child.kill();
}

export class ClientProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private log = '';

  constructor(
    [program = '', ...args]: readonly string[],
    { url, key, events }: Sending,
    environment: Readonly<Record<string, string>> = { PAGE_ORIGIN },
    command = process.execPath,
  ) {
    const env = { ...process.env, COLLECTOR_URL: url, WRITE_KEY: key, EVENTS: String(events), ...environment };
    this.child = spawn(command, [join(__dirname, 'programs', program), ...args], { env });
    running.add(this.child);
    this.child.once('close', () => running.delete(this.child));
    this.child.stderr.on('data', (bytes: Buffer) => (this.log += bytes.toString()));
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Resolves when half of the events are on their way; the others wait for `goOn`. */
  async half(): Promise<void> {
    await this.line();
  }

  goOn(): void {
    this.child.stdin.write('\n');
  }

  /** After `goOn`: resolves when the library has nothing more to do. */
  async report(): Promise<Report> {
    return JSON.parse(await this.line()) as Report;
  }

  private async line(): Promise<string> {
    const next = await this.lines.next();
    if (next.done === true) throw new Error(`the program ended early:\n${this.log.slice(-2_000)}`);
    return next.value;
  }
}
