/**
 * A share in a worker thread.
 *
 * 1. Answers come in the order of the questions: the thread works them off one by one.
 * 2. Whatever ends the thread fails every question that is open, and every later one, with the thread's own error.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Sheet } from '@perennial/history';
import type { ReplaySummary } from '@perennial/lifecycle';
import type { CompiledDefinition } from '@perennial/definition';
import { type Finished, type Lines, openShareReplay, type Share, type ShareJob } from './share-replay';

export type Question =
  | { readonly kind: 'take'; readonly sheet: Sheet }
  | { readonly kind: 'finish'; readonly before: number }
  | { readonly kind: 'summary' };

interface Asked {
  readonly answered: (answer: unknown) => void;
  readonly failed: (error: Error) => void;
}

export class ShareThread implements Share {
  private readonly asked: Asked[] = [];
  private failure: Error | null = null;

  constructor(private readonly worker: Worker) {
    worker.on('message', (answer) => this.asked.shift()?.answered(answer));
    worker.on('error', (error: Error) => {
      this.fail(error);
    });
    worker.on('exit', (code) => {
      this.fail(new Error(`A worker thread of the replay ended before its work was done (exit code ${code}).`));
    });
  }

  take(sheet: Sheet): Promise<Lines | null> {
    return this.ask({ kind: 'take', sheet }) as Promise<Lines | null>;
  }

  finish(before: number): Promise<Finished> {
    return this.ask({ kind: 'finish', before }) as Promise<Finished>;
  }

  summary(): Promise<ReplaySummary> {
    return this.ask({ kind: 'summary' }) as Promise<ReplaySummary>;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(question: Question): Promise<unknown> {
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise((answered, failed) => {
      this.asked.push({ answered, failed });
      this.worker.postMessage(question);
    });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { failed } of this.asked.splice(0)) failed(error);
  }
}

/** The built program's: a thread runs no TypeScript. */
function startThread(job: ShareJob): ShareThread {
  return new ShareThread(new Worker(join(__dirname, 'share-worker.js'), { workerData: job }));
}

/** So many shares, each in a thread of its own; a single one in this thread. */
export async function openShares(
  count: number,
  definition: CompiledDefinition,
  job: Omit<ShareJob, 'definition'>,
): Promise<readonly Share[]> {
  if (count === 1) return [await shareHere(definition, job)];
  return Array.from({ length: count }, () => startThread({ ...job, definition: definition.source }));
}

/** A share in this thread. */
export async function shareHere(definition: CompiledDefinition, job: Omit<ShareJob, 'definition'>): Promise<Share> {
  const replay = await openShareReplay(definition, job);
  return {
    take: (sheet) => Promise.resolve(replay.take(sheet)),
    finish: (before) => Promise.resolve(replay.finish(before)),
    summary: () => Promise.resolve(replay.summary()),
    close: () => Promise.resolve(),
  };
}
