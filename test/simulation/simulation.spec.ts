/** Two engines, a log and a database under one seeded scheduler with virtual time. A failing seed: `npm run simulate -- --seed N`. */
import { runSimulation, type Simulated } from '@perennial/testing';
import { BROKEN } from './broken-guarantees';

const SEEDS = 500;
const CHUNK = 100;
const PATIENCE_MS = 240_000;

const explained = (run: Simulated): string =>
  run.ok
    ? ''
    : [`seed ${run.seed}: ${run.difference}`, ...run.trace, `npm run simulate -- --seed ${run.seed}`].join('\n');

describe('the engine under faults', () => {
  it.each(Array.from({ length: SEEDS / CHUNK }, (_, chunk) => chunk * CHUNK + 1))(
    `states what a sequential reading of the log states: ${CHUNK} seeds from %i`,
    async (first) => {
      for (let seed = first; seed < first + CHUNK; seed++) expect(explained(await runSimulation(seed))).toBe('');
    },
    PATIENCE_MS,
  );
});

describe('a seed', () => {
  it('is the same run again, step by step', async () => {
    for (const seed of [1, 2, 3]) expect(await runSimulation(seed)).toEqual(await runSimulation(seed));
  });
  it('is another run than the next one', async () => {
    expect((await runSimulation(1)).digest).not.toBe((await runSimulation(2)).digest);
  });
  it('fails the same way again', async () => {
    const sabotage = BROKEN['a commit loses its states'] ?? {};
    const first = await runSimulation(1, { sabotage });
    expect(first.ok).toBe(false);
    expect(await runSimulation(1, { sabotage })).toEqual(first);
  });
});
