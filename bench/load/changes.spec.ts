import type { StateRow } from '@perennial/processor';
import type { LayoutWriter } from '../layouts/layout';
import { Changes } from './changes';
import { DISTRIBUTIONS } from './population';

const settings = { distribution: 'uniform', customers: 400, partitions: 4, changed: 20, seed: 7 } as const;

/** Keeps the newest version of each customer, as a table does; `loses` says which micro-batches do not arrive. */
class Kept implements LayoutWriter {
  readonly versions = new Map<string, number>();
  readonly sizes: number[] = [];

  constructor(private readonly loses: (partition: number, offset: number) => boolean = () => false) {}

  write(partition: number, offset: number, states: readonly StateRow[]): Promise<void> {
    this.sizes.push(new Set(states.map(({ key }) => key)).size);
    if (!this.loses(partition, offset)) for (const { key, version } of states) this.versions.set(key, version);
    return Promise.resolve();
  }

  settle = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();

  get sum(): number {
    return [...this.versions.values()].reduce((sum, version) => sum + version, 0);
  }
}

describe('the changes that layouts write', () => {
  it.each(DISTRIBUTIONS)('come as micro-batches of as many different customers, %s', async (distribution) => {
    const changes = new Changes({ ...settings, distribution }, 1_000);
    const kept = new Kept();
    const done: number[] = [];
    await changes.writeTo(kept, (states) => done.push(states));
    expect(kept.sizes).toEqual(Array.from({ length: 52 }, () => 20));
    expect([changes.states, done.at(-1)]).toEqual([1_040, 1_040]);
    expect(kept.sum).toBe(changes.versions);
  });

  it('are told from those of a layout that loses the last micro-batch of a partition', async () => {
    const changes = new Changes(settings, 1_000);
    const kept = new Kept((partition, offset) => partition === 2 && offset === 13);
    await changes.writeTo(kept, () => undefined);
    expect(kept.sum).toBeLessThan(changes.versions);
  });
});
