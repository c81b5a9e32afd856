/**
 * Deadlines that fall due, one after the other, while no engine runs: how long until all have fired after the start.
 *
 * 1. The engine stops before the first falls due and starts after the last.
 * 2. Each fires as of its own time, in (due, key) order within its partition; else the answer is wrong.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { TOPIC } from '@perennial/contracts';
import { TENANT } from '../load/activity';
import { armed } from '../load/armed';
import { ourMove } from '../oracle/read-moves';
import { type Figure, figure } from '../report/figure';
import { type DueGroup, DueMoves } from '../run/due-moves';
import type { LiveGround } from '../run/live-ground';
import { MoveReader } from '../run/move-reader';
import { until } from '../run/until';

/** One falls due so long after the other. */
const APART_MS = 1;

export interface AfterDowntime {
  readonly figures: readonly Figure[];
  readonly wrong: readonly string[];
}

/** `armingMs`: what arming and stopping may take. */
export async function fallDueWhileDown(ground: LiveGround, count: number, armingMs: number): Promise<AfterDowntime> {
  const begin = Date.now() + armingMs;
  const group: DueGroup = { name: 'downtime', count, dueAt: (index) => begin + index * APART_MS };
  await ground.work('downtime customers', count, armed(group.name, count, group.dueAt));
  const due = new DueMoves(group);
  const reader = await MoveReader.open(ground.site, TOPIC.stageChanged, ourMove(TENANT), (arrival) => {
    due.take(arrival);
  });
  await ground.engine.stop();
  if (Date.now() >= begin)
    throw new Error('Deadlines fell due before the engine had stopped; the machine is too busy.');
  await wait(begin + count * APART_MS - Date.now());
  const startedAt = performance.now();
  const engine = ground.installation.start();
  try {
    await engine.url();
    const upAt = performance.now();
    await until(
      `${count} deadlines after downtime`,
      () => due.count >= count,
      () => due.count,
    );
    return {
      figures: [
        figure('downtime: start of the engine to its being up', 's', [(upAt - startedAt) / 1000]),
        figure('downtime: start of the engine to last move', 's', [(due.lastAt - startedAt) / 1000]),
      ],
      wrong: due.wrong,
    };
  } finally {
    await reader.close();
    await engine.stop();
  }
}
