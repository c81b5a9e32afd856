/** On servers of its own: PostgreSQL, and the log inside the process, whose folder can be read once the stack has ended. */
import { join } from 'node:path';
import { type LogBatch, type StageChanged, TOPIC } from '@perennial/contracts';
import { createInProcessLog, prefixed } from '@perennial/stream';
import { clearHome, stackHome } from '@perennial/dev-stack';
import { sameFacts } from '../oracle/same-facts';
import { summaryIn } from './by-hand';
import { Installation } from './installation';

it('started again with --reset, the main job tells the same summary and states the same facts', async () => {
  const installation = await Installation.create('reset', 'in-process');
  installation.environment['DATABASE_URL'] = '';
  const home = stackHome({ home: installation.environment['PERENNIAL_HOME'] ?? '', cache: null });
  const once = await startOnce(installation);
  const again = await startOnce(installation, '--reset');
  expect(again.summary).toEqual(once.summary);
  expect(once.facts.length).toBeGreaterThan(18_000);
  expect(sameFacts(again.facts, once.facts)).toEqual({ same: true });
  clearHome(home);
  await installation.remove();
}, 60_000);

async function startOnce(installation: Installation, ...more: readonly string[]) {
  const { code, out, err } = await installation.run(['start', '--once', '--json', ...more]);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  const { activitiesPerSecond, ...summary } = summaryIn(out);
  expect(activitiesPerSecond).toBeGreaterThan(0);
  return { summary, facts: await stageChanges(installation) };
}

async function stageChanges({ environment, prefix }: Installation): Promise<StageChanged[]> {
  const directory = join(environment['PERENNIAL_HOME'] ?? '', 'in-process-log');
  const log = prefixed(createInProcessLog({ directory, now: Date.now, schedule: setImmediate }), prefix);
  const admin = log.admin();
  await admin.connect();
  const until = new Map((await admin.offsets(TOPIC.stageChanged)).map(({ partition, high }) => [partition, high]));
  const facts: StageChanged[] = [];
  const batch = ({ records }: LogBatch): void => {
    for (const { value } of records) facts.push(JSON.parse(Buffer.from(value ?? []).toString()) as StageChanged);
  };
  await log.reader().read({ topic: TOPIC.stageChanged, from: 'beginning', until, batch });
  await log.close();
  return facts;
}
