/**
 * A customer whose definition has all that charts may have is handed from engine to engine, each with memory and connections of
 * its own, through what PostgreSQL keeps; its facts are those of an engine that nobody disturbed.
 */
import { type OutRecord, TOPIC, valueBytes } from '@perennial/contracts';
import { parseInstant, type TenantId } from '@perennial/values';
import {
  byCustomer,
  Chance,
  type FreshDatabase,
  freshDatabase,
  readThrough,
  Story,
  WrittenLog,
} from '@perennial/testing';
import { openDatabase } from '../postgres/database';
import { migrate } from '../schema/migrate';
import { createEngineStore } from './engine-store';

const DEFINITION = `
kind: Lifecycle
name: everything
version: 1
settle: PT12H
activity:
  - { event: order, role: purchase }
  - { event: visit, role: visit }
  - { event: plea, role: complaint }
profile:
  orders: { count: purchase }
  energy: { decayed: [visit, purchase], halfLife: P2D }
signals:
  bought: { on: purchase }
  came: { on: visit }
  upset: { on: complaint }
  habit: { when: profile.orders >= 4 }
  low: { below: 0.4, of: energy }
  quiet: { absent: purchase, for: P4D }
stages:
  initial: onboarding
  states:
    onboarding:
      initial: fresh
      on: { bought: in-life }
      after: { P9D: gone }
      states: { fresh: { after: { P2D: stalled } }, stalled: { on: { came: fresh } } }
    in-life:
      type: parallel
      on: { quiet: asleep, upset: { target: '#stage.rescue', reenter: true } }
      states:
        bond:
          initial: regular
          states:
            regular: { on: { habit: loyal.warm } }
            loyal:
              initial: warm
              on: { low: regular }
              states: { warm: { after: { P1D: cool } }, cool: { on: { bought: warm }, after: { P3D: cool } } }
            last: { type: history, history: shallow }
        care:
          initial: calm
          states: { calm: { on: { came: busy } }, busy: { after: { PT30H: calm } } }
        past: { type: history, history: deep }
    asleep: { on: { bought: in-life.bond.last, came: '#stage.onboarding.stalled' }, after: { P8D: gone } }
    rescue: { on: { bought: in-life.past }, after: { P2D: { target: rescue, reenter: true }, P5D: asleep } }
    gone: { type: final }
regions:
  mood:
    initial: even
    states:
      even:
        initial: x
        on: { upset: bad, habit: good }
        states: { x: { after: { P1D: y } }, y: , back: { type: history, target: y } }
      bad: { on: { bought: even.back }, after: { P4D: even } }
      good: { on: { low: even } }
`;

/** Facts that show by their path that histories, nested and parallel states and `after`s were come by. */
const PASSED = [
  'onboarding.fresh → onboarding.stalled',
  'asleep → in-life.(bond.loyal.warm|care.calm)',
  'rescue → in-life.(bond.loyal.cool|care.busy)',
  'in-life.(bond.loyal.cool|care.busy) → asleep',
  'asleep → gone',
  'bad → even.y',
];

const tenant = 'default' as TenantId;
const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** A history of some customers by chance, with clock records in it; and the core's own story of each, which is never stored. */
function historyBy(seed: number): { readonly log: WrittenLog; readonly stories: ReadonlyMap<string, Story> } {
  const chance = new Chance(seed, 'handed over');
  const log = new WrittenLog(0, parseInstant('2026-06-01T00:00:00Z') ?? Number.NaN)
    .command({ type: 'perennial.command.publish-definition.v1', tenant, source: DEFINITION })
    .command({ type: 'perennial.command.set-time-source.v1', tenant, source: { kind: 'event', aheadMs: 0 } })
    .command({ type: 'perennial.command.start-bootstrap.v1', tenant, customers: null });
  const stories = new Map<string, Story>();
  let at = START;
  for (let input = 0; input < 800; input++) {
    at += chance.between(0, 3) * HOUR;
    if (chance.happens(0.1)) {
      log.clock({ scope: { kind: 'tenant', tenant }, at });
      continue;
    }
    const [customer, when] = [`c${chance.between(1, 15)}`, new Date(at).toISOString()];
    const event = chance.pick(['order', 'order', 'visit', 'visit', 'visit', 'plea']);
    log.activity(customer, event, when);
    stories.set(customer, (stories.get(customer) ?? new Story(DEFINITION)).does(event, when));
  }
  const end = at + 30 * 24 * HOUR;
  for (const story of stories.values()) story.clock(new Date(end).toISOString());
  return { log: log.clock({ scope: { kind: 'tenant', tenant }, at: end }), stories };
}

/** The moves of a customer as both tell them. */
const movesOf = (facts: readonly string[]): string[] =>
  facts.map((fact) => {
    const { sequence, region, path, occurredAt } = JSON.parse(fact) as Record<string, string>;
    return `${sequence} ${region} ${path} ${occurredAt}`;
  });

const movesIn = ({ facts }: Story): string[] =>
  facts.flatMap((fact) =>
    fact.kind === 'stage-changed'
      ? [`${fact.sequence} ${fact.region} ${fact.path} ${new Date(fact.occurredAt).toISOString()}`]
      : [],
  );

const lines = (records: readonly OutRecord[]): string[] =>
  records.map((record) => {
    const value = new TextDecoder().decode(valueBytes(record) ?? undefined);
    return `${record.topic} ${String(record.key)} ${JSON.stringify(record.headers)} ${value}`;
  });

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase(migrate);
});
afterEach(() => database.drop());

/** One engine of many: reads on from where the others stopped up to an offset, and gives the partition away. */
async function engineUpTo(log: WrittenLog, end: number, owner: string): Promise<readonly OutRecord[]> {
  const connection = openDatabase({ url: database.url });
  try {
    const store = createEngineStore(connection, { random: () => 0.5 });
    return await readThrough({ records: log.records.slice(0, end) }, 0, { store, owner });
  } finally {
    await connection.close();
  }
}

const EACH = 40;

it.each([1, 2])('facts are those of one engine (seed %s)', async (seed) => {
  const { log, stories } = historyBy(seed);
  const undisturbed = await readThrough(log, 0);
  const published: OutRecord[] = [];
  for (let end = EACH, turn = 0; end < log.records.length + EACH; end += EACH, turn++)
    published.push(...(await engineUpTo(log, end, `engine-${turn % 3}`)));
  expect(lines(published)).toEqual(lines(undisturbed));
  const byEngines = byCustomer(published, TOPIC.stageChanged);
  for (const [customer, story] of stories) expect(movesOf(byEngines.get(customer) ?? [])).toEqual(movesIn(story));
  const facts = [...byEngines.values()].flat().join(' ');
  expect(PASSED.filter((path) => !facts.includes(path))).toEqual([]);
});
