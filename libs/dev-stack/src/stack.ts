/**
 * The development stack: one process starts it, others find it.
 *
 * 1. At most one process owns a stack (home-lock.ts); a second one uses the first one's.
 * 2. The owner ends what it started, in order, when its work is done, fails, or is interrupted; it leaves no process,
 *    no lock and no address behind.
 * 3. `stack.json` exists only while the stack is of use.
 */
import { InvalidInput, RetryableError } from '@perennial/values';
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { onInterrupt } from '@perennial/command-line';
import { lockHolder, pulseOf, takeHome, type TakenLock } from './home-lock';
import { readJsonFile, writeJsonFile } from './stack-files';
import { OpenParts } from './open-parts';
import type { ProcessIdentity } from './process-identity';
import { raiseStack, type Stack, type StackOptions } from './raise-stack';
import { stackHome, type StackHome } from './stack-home';
import { type StackState, stackStateSchema, stackVariables } from './stack-state';
import { waitFor } from './wait-for';

export type { Stack, StackOptions } from './raise-stack';

const OWNER_LOOK_MS = 500;

/** Work on a stack. Has to end soon after `interrupted` aborts. */
type StackWork = (stack: Stack, interrupted: AbortSignal) => Promise<void>;

/** `interrupted`: asked to end before the work was done; errors that came of it are not told. */
type StackOutcome = 'done' | 'interrupted';

const ownerGone = ({ pid }: ProcessIdentity): RetryableError =>
  new RetryableError('STACK.OWNER_GONE', `Process ${pid} has ended its stack meanwhile. Try again.`);

/**
 * Runs `work` on the running stack, or starts one and stops it afterwards. If another process's stack ends under the work, the
 * work starts over, on a stack of this process if there is no other.
 */
export async function withStack(options: StackOptions, work: StackWork): Promise<StackOutcome> {
  const home = stackHome(options.environment);
  for (;;) {
    const lock = takeHome(home);
    if (lock.kind === 'taken') return withOwn(home, lock, options, work);
    try {
      return await withFound(home, lock.by, options, work);
    } catch (error) {
      // On a stack that is ending any failure is put down to that, bad input excepted.
      if (error instanceof InvalidInput || (!isOwnerGone(error) && pulseOf(home) === 'runs')) throw error;
      options.say(`Process ${lock.by.pid} ends its stack. Beginning anew.`);
    }
  }
}

const isOwnerGone = (error: unknown): boolean => error instanceof RetryableError && error.code === 'STACK.OWNER_GONE';

async function withOwn(
  home: StackHome,
  lock: TakenLock & { readonly kind: 'taken' },
  options: StackOptions,
  work: StackWork,
): Promise<StackOutcome> {
  rmSync(home.state, { force: true }); // of an owner that was killed
  const parts = new OpenParts();
  const interruption = onInterrupt(() => parts.kill());
  const { signal } = interruption;
  signal.addEventListener('abort', () => {
    options.say('Ending. A second Ctrl-C does not wait.');
  });
  try {
    const stack = await raiseStack(home, parts, options, signal);
    writeJsonFile(home.state, stack.state);
    await Promise.race([work(stack, signal), parts.unexpectedEnd()]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    rmSync(home.state, { force: true });
    try {
      await parts.close();
      rmSync(home.processes, { force: true });
    } finally {
      lock.release();
      interruption.release();
    }
  }
  return signal.aborted ? 'interrupted' : 'done';
}

/** The stack that another process of this user runs; null when there is none. Waits while it starts. */
export async function findStack(options: Omit<StackOptions, 'reset'>): Promise<Stack | null> {
  const home = stackHome(options.environment);
  const holder = lockHolder(home.lock);
  return holder === null ? null : await found(home, holder, options);
}

async function withFound(
  home: StackHome,
  by: ProcessIdentity,
  options: StackOptions,
  work: StackWork,
): Promise<StackOutcome> {
  if (options.reset) {
    throw new InvalidInput(
      'STACK.IN_USE',
      `Process ${by.pid} runs this stack. End it first (Ctrl-C there, or kill ${by.pid}), then --reset.`,
    );
  }
  const { signal, release } = onInterrupt(() => Promise.resolve());
  const ended = new AbortController();
  try {
    const stack = await found(home, by, options, signal);
    const end = untilGone(home, by, ended.signal);
    await Promise.race([work(stack, AbortSignal.any([signal, end.gone])), end.failure]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    ended.abort();
    release();
  }
  return signal.aborted ? 'interrupted' : 'done';
}

/** Watches the owner: once it is gone, `failure` rejects and `gone` aborts, since work on its stack would wait for ever. */
function untilGone(
  home: StackHome,
  by: ProcessIdentity,
  signal: AbortSignal,
): { readonly gone: AbortSignal; readonly failure: Promise<never> } {
  const gone = new AbortController();
  const watch = async (): Promise<never> => {
    while (lockHolder(home.lock)?.started === by.started) await pause(OWNER_LOOK_MS, undefined, { signal, ref: false });
    gone.abort();
    throw ownerGone(by);
  };
  const failure = watch();
  failure.catch(() => undefined); // Of no interest once the work is done.
  return { gone: gone.signal, failure };
}

async function found(
  home: StackHome,
  by: ProcessIdentity,
  options: Omit<StackOptions, 'reset'>,
  abort?: AbortSignal,
): Promise<Stack> {
  const read = (): StackState | null => readJsonFile(home.state, stackStateSchema);
  if (read() === null) options.say(`Waiting for the stack that process ${by.pid} starts or ends.`);
  const gone = (): boolean => lockHolder(home.lock)?.started !== by.started;
  const state = await waitFor('the stack of another process', () => read() ?? (gone() ? 'gone' : null), {
    timeoutMs: 300_000,
    abort,
  });
  if (state === 'gone') throw ownerGone(by);
  return { own: false, home, state, environment: stackVariables(home, state, options.environment), log: null };
}
