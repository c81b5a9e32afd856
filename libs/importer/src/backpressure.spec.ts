import { Backpressure, BACKLOG_MS, MOST_AHEAD } from './backpressure';
import { GIVEN_UP_AFTER_MS } from './standstill';

/** An engine that commits so many records of partition 0 in a millisecond, of those that are there. */
class SteadyEngine {
  now = 0;
  sent = 0;
  committed = 0;
  asked = 0;
  readonly said: string[] = [];

  constructor(private readonly perMs: number) {}

  ports() {
    return {
      engine: {
        published: () => {
          this.asked += 1;
          return Promise.resolve(new Map([[0, Math.floor(this.committed)]]));
        },
      },
      time: {
        now: () => 0,
        monotonic: () => this.now,
        wait: (ms: number) => {
          this.pass(ms);
          return Promise.resolve();
        },
      },
      say: (line: string) => void this.said.push(line),
    };
  }

  pass(ms: number): void {
    this.now += ms;
    this.committed = Math.min(this.sent, this.committed + ms * this.perMs);
  }
}

const CHUNK = 500;

/** Sends chunks, each in so many ms: the most that were ahead in the second half. */
async function mostAhead(engine: SteadyEngine, chunks: number, msPerChunk: number): Promise<number> {
  const pressure = new Backpressure(engine.ports());
  let most = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const first = engine.sent;
    engine.sent += CHUNK;
    engine.pass(msPerChunk);
    if (chunk > chunks / 2) most = Math.max(most, engine.sent - engine.committed);
    await pressure.sent(CHUNK, new Map([[0, first]]));
  }
  return most;
}

describe('an import', () => {
  it('is ahead of the engine by what that gets through in a second, and a chunk', async () => {
    for (const perMs of [2, 5, 10]) {
      const most = await mostAhead(new SteadyEngine(perMs), 400, 1);
      expect(most).toBeLessThanOrEqual(perMs * BACKLOG_MS + CHUNK);
      expect(most).toBeGreaterThan((perMs * BACKLOG_MS) / 2);
    }
  });

  it('is never further ahead than its most, however fast the engine is', async () => {
    expect(await mostAhead(new SteadyEngine(100), 400, 1)).toBeLessThanOrEqual(MOST_AHEAD + CHUNK);
  });

  it('goes at its own pace while the engine keeps up', async () => {
    const engine = new SteadyEngine(100);
    await mostAhead(engine, 200, 50);
    expect(engine.now).toBeLessThan(200 * 50 + 100);
    expect(engine.asked).toBeLessThan(200);
  });

  it('says when the engine does not move, once, and gives up in the end', async () => {
    const engine = new SteadyEngine(0);
    const stopped = new Backpressure(engine.ports()).sent(5_000, new Map([[0, 4_000]]));
    await expect(stopped).rejects.toMatchObject({ code: 'IMPORT.ENGINE_STANDS_STILL', name: 'RetryableError' });
    expect(engine.said).toHaveLength(1);
    expect(engine.said[0]).toContain('it has 4000 records to go, and does not move');
    expect(engine.now).toBeGreaterThan(GIVEN_UP_AFTER_MS);
  });
});
