import type { EngineStore } from '@perennial/engine';
import type { StateRow } from '@perennial/processor';
import fc from 'fast-check';
import { Both } from './both';
import { step } from './steps';

/** A database, and stores of two processes on it. */
export interface ModelledStore {
  /** A process's store, whose log of states is so short that checkpoints come all the time. */
  readonly storeOf: (limits: { readonly logBytes: number; readonly rowsBehindMs: number }) => EngineStore;
  readonly rows: (partition: number) => Promise<readonly Pick<StateRow, 'key' | 'version' | 'packed'>[]>;
  readonly close: () => Promise<void>;
}

/**
 * A store answers as the model does, whatever is asked of it: by two processes, by several sessions of one, and by sessions that
 * have ended.
 */
export function describeStoreModel(name: string, runs: number, open: () => Promise<ModelledStore>): void {
  describe(`${name}, beside its model`, () => {
    let opened: ModelledStore;
    let partition = 0;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('answers the same', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 5, maxLength: 25 }),
          fc.integer({ min: 0, max: 99 }),
          async (steps, logBytes) => {
            partition += 1;
            const limits = { logBytes, rowsBehindMs: 60_000 };
            const both = new Both([opened.storeOf(limits), opened.storeOf(limits)], partition);
            for (const each of [{ ask: 'claim', by: 0 } as const, ...steps]) {
              const { real, model } = await both.ask(each);
              expect(real).toEqual(model);
            }
            await both.settle();
            const rows = (await opened.rows(partition)).map(({ key, version, packed }) => [key, version, [...packed]]);
            const states = [...both.model.states].map(([key, { version, packed }]) => [key, version, [...packed]]);
            expect(rows.sort()).toEqual(states.sort());
          },
        ),
        { numRuns: runs },
      );
    });
  });
}
