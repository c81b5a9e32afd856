/** The simulation notices when what it is to show does not hold. */
import { runSimulation, type Simulated } from '@perennial/testing';
import { BROKEN } from './broken-guarantees';

const PATIENCE_MS = 240_000;
/** Within so many seeds a broken guarantee is found. */
const FOUND_WITHIN = 200;

describe('a guarantee broken on purpose is found', () => {
  const found: string[] = [];
  afterAll(() => {
    console.info(found.join('\n'));
  });

  it.each(Object.entries(BROKEN))(
    '%s',
    async (name, sabotage) => {
      let failed: (Simulated & { ok: false }) | null = null;
      for (let seed = 1; seed <= FOUND_WITHIN && failed === null; seed++) {
        const run = await runSimulation(seed, { sabotage });
        if (!run.ok) failed = run;
      }
      found.push(`${name}: seed ${failed?.seed ?? 'none'}, ${failed?.difference.split('\n')[0] ?? ''}`);
      expect(failed).not.toBeNull();
    },
    PATIENCE_MS,
  );
});
