/**
 * The built engine as a process of its own, told by its first argument (JSON) where and how it is to be halted:
 * `halt.at` names a crash point and `halt.nth` counts its reaches; or `halt.after` counts milliseconds from the first
 * commit. `halt.signal` is SIGKILL, or SIGSTOP, from which SIGCONT goes on at the very point. With `coming` it starts
 * and stops for ever, so many milliseconds each, as a member of the group that comes and goes.
 */
const { writeSync } = require('node:fs');
const { setTimeout: wait } = require('node:timers/promises');
const { start } = require('../../../dist/apps/lifecycle-engine/src/service.js');

const { halt = {}, limits = {}, coming = null } = JSON.parse(process.argv[2] ?? '{}');
let reached = 0;
let stopping = false;

const say = (event) => writeSync(1, `${JSON.stringify(event)}\n`);

function haltNow() {
  say({ halted: halt.at ?? 'moment' });
  process.kill(process.pid, halt.signal);
}

const crash = {
  reach(point) {
    if (halt.after !== undefined && reached === 0 && point === 'before-commit') {
      reached = 1;
      setTimeout(haltNow, halt.after);
    }
    if (point !== halt.at || ++reached !== halt.nth) return undefined;
    haltNow();
    // The signal may take a moment; meanwhile nothing goes on.
    return halt.signal === 'SIGKILL' ? new Promise(() => undefined) : undefined;
  },
};

async function run() {
  const running = await start({ environment: process.env, log: null, trial: { crash, limits } });
  say({ url: running.url });
  await (coming === null ? new Promise((resolve) => process.once('SIGTERM', resolve)) : wait(coming));
  await running.stop();
  if (coming === null || stopping) return;
  await wait(coming);
  await run();
}

if (coming !== null) process.once('SIGTERM', () => (stopping = true));
void run();
