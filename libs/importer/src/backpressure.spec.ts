import { Backpressure } from './backpressure';
import { GIVEN_UP_AFTER_MS, SAID_AFTER_MS } from './standstill';

/** An engine that commits `perWait` records of partition 0 while somebody waits. */
function anEngine(perWait: number) {
  const state = { committed: 0, now: 0, asked: 0, said: [] as string[] };
  const ports = {
    engine: {
      committed: () => {
        state.asked += 1;
        return Promise.resolve(new Map([[0, state.committed]]));
      },
    },
    time: {
      now: () => 0,
      monotonic: () => state.now,
      wait: (ms: number) => {
        state.now += ms;
        state.committed += perWait;
        return Promise.resolve();
      },
    },
    say: (line: string) => void state.said.push(line),
  };
  return { state, ports };
}

describe('an import', () => {
  it('is never further ahead of the engine than it may be', async () => {
    const { state, ports } = anEngine(30);
    const pressure = new Backpressure(ports, 1_000);
    for (let sent = 0; sent < 20_000; sent += 100) {
      expect(sent - state.committed).toBeLessThanOrEqual(1_000);
      await pressure.sent(100, new Map([[0, sent + 1]]));
    }
    expect(state.committed).toBeGreaterThan(18_000);
  });

  it('does not ask the engine while it cannot be too far ahead', async () => {
    const { state, ports } = anEngine(0);
    const pressure = new Backpressure(ports, 1_000);
    for (let sent = 0; sent < 1_000; sent += 100) await pressure.sent(100, new Map([[0, sent]]));
    expect(state.asked).toBe(0);
  });

  it('says when the engine does not move, once, and gives up in the end', async () => {
    const { state, ports } = anEngine(0);
    const pressure = new Backpressure(ports, 1_000);
    const stopped = pressure.sent(5_000, new Map([[0, 4_000]]));
    await expect(stopped).rejects.toMatchObject({ code: 'IMPORT.ENGINE_STANDS_STILL', name: 'RetryableError' });
    expect(state.said).toHaveLength(1);
    expect(state.said[0]).toContain('it has 4000 records to go, and does not move');
    expect(state.now).toBeGreaterThan(GIVEN_UP_AFTER_MS);
    expect(SAID_AFTER_MS).toBeLessThan(GIVEN_UP_AFTER_MS);
  });
});
