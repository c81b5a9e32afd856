import type { TenantId } from '@perennial/values';
import { createLogger, createMetrics, declareCollectorMetrics, HealthRegistry } from '@perennial/observability';
import { hashWriteKey, type KeyInForce } from '@perennial/store';
import { followWriteKeys, observeKeys } from './watch-write-keys';
import { WriteKeys } from './write-keys';

const KEY = 'pk_a-key-of-the-shop';
const inForce: KeyInForce[] = [{ hash: hashWriteKey(KEY), tenant: 'shop' as TenantId }];
type Answer = readonly KeyInForce[] | null | Error;

/** A collector's keys; `ask(…)` lets the database give these answers, one after the other. */
function aWatch(file: ReadonlyMap<string, TenantId> = new Map()) {
  const registry = createMetrics('collector');
  const [metrics, health, lines] = [declareCollectorMetrics(registry), new HealthRegistry(), [] as string[]];
  const logger = createLogger({
    name: 'collector',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  const keys = new WriteKeys(file, 'awaited');
  const { observer, ready } = observeKeys({ keys, fromFile: file.size > 0, metrics, logger });
  health.add('ready', 'write-keys', ready);
  const metric = async (name: string): Promise<number> => {
    const line = (await registry.metrics()).split('\n').find((each) => each.startsWith(name));
    return Number(line?.split(' ').at(-1) ?? Number.NaN);
  };
  const ask = async (...answers: readonly Answer[]): Promise<void> => {
    const left = [...answers];
    await new Promise<void>((done) => {
      const next = () => {
        const answer = left.shift();
        if (answer === undefined) {
          done();
          return new Promise<never>(() => undefined);
        }
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      };
      void followWriteKeys({ next }, observer, 0);
    });
  };
  const said = () => lines.map((line) => JSON.parse(line) as { level: string; msg: string; reason?: string });
  return { keys, health, metric, ask, said, lines };
}

const gone = new Error('PostgreSQL at db:5432/x did not answer');

describe('the write keys of the database', () => {
  it('are those that it said last, and stay in force while it is away (2)', async () => {
    const { keys, ask } = aWatch();
    await ask(inForce, null);
    expect(keys.tenantOf(KEY)).toBe('shop');
    await ask(inForce, gone, gone);
    expect(keys.tenantOf(KEY)).toBe('shop');
    await ask(inForce, gone, []);
    expect(keys.tenantOf(KEY)).toBeNull();
  });

  it('an outage is told once, however long, and so is its end (2)', async () => {
    const { ask, said } = aWatch();
    await ask(inForce, gone, gone, gone, null, null, gone, inForce);
    expect(said().map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      'info write keys read',
      'warn write keys cannot be read from the database: those read before stay in force',
      'info write keys are read from the database again',
      'warn write keys cannot be read from the database: those read before stay in force',
      'info write keys read',
      'info write keys are read from the database again',
    ]);
    expect(said()[1]?.reason).toBe(gone.message);
  });

  it('no log line holds a key or its hash', async () => {
    const { ask, lines } = aWatch(new Map([[KEY, 'shop' as TenantId]]));
    await ask(inForce, gone, inForce);
    for (const form of ['hex', 'base64'] as const) expect(lines.join()).not.toContain(hashWriteKey(KEY).toString(form));
    expect(lines.join()).not.toContain(KEY);
  });

  it('are shown in metrics: how many, how old, how often they could not be read', async () => {
    const { ask, metric } = aWatch();
    await ask(inForce, gone, gone);
    expect(await metric('collector_write_keys{source="database"')).toBe(1);
    expect(await metric('collector_write_key_reads_failed_total')).toBe(2);
    expect(await metric('collector_write_keys_age_seconds')).toBeGreaterThan(0);
  });

  it('health is ready with a word on the outage; without any key it is not', async () => {
    const { ask, health } = aWatch();
    await ask(gone);
    expect(health.report('ready')).toMatchObject({
      status: 'unavailable',
      reasons: [{ check: 'write-keys', reason: `the write keys of the database cannot be read: ${gone.message}` }],
    });
    await ask(inForce);
    expect(health.report('ready')).toEqual({ status: 'ok', reasons: [] });
    await ask(gone);
    expect(health.report('ready')).toEqual({
      status: 'ok',
      reasons: [],
      details: [
        {
          check: 'write-keys',
          detail: `the write keys of the database cannot be read: ${gone.message}; going on with those known`,
        },
      ],
    });
  });

  it('keys of a file are enough to be ready', async () => {
    const { ask, health } = aWatch(new Map([[KEY, 'shop' as TenantId]]));
    await ask(gone);
    expect(health.report('ready').status).toBe('ok');
  });
});
