import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFact, stageChangedSchema, TOPIC, type StageChanged } from '@perennial/contracts';
import { DEFAULT_TENANT, formatInstant } from '@perennial/values';
import { compile } from '@perennial/definition';
import { openHistory } from '@perennial/history';
import { Replay } from '@perennial/lifecycle';
import { lifecyclesByHand, type Standing, summaryByHand } from './retail-by-hand';
import { sameFacts } from './same-facts';

const root = join(__dirname, '../..');

describe('The sample, replayed through the core', () => {
  it('gives the facts of the retail lifecycle by hand', async () => {
    const compiled = compile(readFileSync(join(root, 'libs/definition/templates/retail.yaml'), 'utf8'));
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const { definition } = compiled;
    const facts: StageChanged[] = [];
    const standings = new Map<string, Standing[]>();
    const replay = new Replay(definition, {
      onFact: (customer, fact) => {
        if (fact.kind === 'state') {
          const standing = { customer, stage: fact.stage, since: formatInstant(fact.since) };
          standings.set(customer, [...(standings.get(customer) ?? []), standing]);
        }
        const position = { topic: TOPIC.activity, partition: 0, offset: 0 };
        const stamp = {
          tenant: DEFAULT_TENANT,
          customer,
          position,
          decidedAt: 0,
          mode: 'history',
          definition,
        } as const;
        const { topic, value } = encodeFact(fact, stamp, 0);
        if (topic !== TOPIC.stageChanged || value === null) return;
        facts.push(stageChangedSchema.parse(JSON.parse(Buffer.from(value).toString())));
      },
    });
    const history = await openHistory({ input: join(root, 'deploy/sample/online-retail/orders.sql') });
    for await (const some of history.activities()) for (const activity of some) replay.take(activity, activity.at);
    replay.finish(history.newest ?? 0);
    await history.close();
    const { facts: expected, standings: stood } = lifecyclesByHand();
    expect(sameFacts(facts, expected)).toEqual({ same: true });
    expect([...standings.values()].flat()).toEqual(stood);
    const { stages, moves } = summaryByHand(expected);
    expect(replay.summary()).toMatchObject({ activities: 22_094, customers: 4_372, stages, moves });
  });
});
