/** Asks a store and the model the same, session by session. */
import { ConcurrencyConflict } from '@perennial/values';
import type { EngineStore, EngineCommit, EngineSession } from '@perennial/engine';
import { aCommit, aDeadline, aState } from '../engine-store-builders';
import { type ModelSession, PartitionModel } from './model';
import type { CommitStep, DueStep, Step, Which } from './steps';

interface Pair {
  readonly real: EngineSession;
  readonly model: ModelSession;
}

/** What both answered. */
export interface Answers {
  readonly real: unknown;
  readonly model: unknown;
}

const SAME: Answers = { real: null, model: null };

export class Both {
  readonly model = new PartitionModel();
  private newest: Pair | null = null;
  private former: Pair | null = null;
  private readonly late: Promise<unknown>[] = [];

  constructor(
    /** Two processes. */
    private readonly stores: readonly [EngineStore, EngineStore],
    private readonly partition: number,
  ) {}

  async ask(step: Step): Promise<Answers> {
    if (step.ask === 'claim') return this.claim(step.by);
    const pair = this.sessionOf(step);
    if (pair === null) return SAME;
    const { real, model } = pair;
    switch (step.ask) {
      case 'flush':
        await real.flush(step.published);
        this.model.flush(model, step.published);
        return SAME;
      case 'release':
        await real.release(step.published, step.nextOwner);
        this.model.release(model, step.published, step.nextOwner);
        return SAME;
      case 'late':
        this.late.push(step.call === 'flush' ? real.flush(null) : real.release(null, 'may-publish'));
        if (step.call === 'release') this.model.release(model, null, 'may-publish');
        return SAME;
      case 'renew':
        return { real: await real.renew(), model: this.model.renew(model) };
      case 'commit': {
        const commit = commitOf(step, this.model.nextOffset);
        return { real: await real.commit(commit), model: this.model.commit(model, commit) };
      }
      case 'load':
        return {
          real: await unlessEnded(async () =>
            [...(await real.load(step.keys))].map(([key, bytes]) => [key, [...bytes]]).sort(),
          ),
          model: model.ended ? ENDED : this.model.load(step.keys).toSorted(),
        };
      case 'due':
        return this.due(pair, step);
    }
  }

  /** Brings all rows up to date, once what came late has ended. */
  async settle(): Promise<void> {
    await Promise.all(this.late);
    await this.claim(0);
    await this.newest?.real.flush(null);
  }

  private async claim(by: 0 | 1): Promise<Answers> {
    const real = await this.stores[by].claim(this.partition, 'a');
    const model = this.model.claim();
    this.former = this.newest;
    this.newest = { real, model };
    const { epoch, nextOffset, released, armed, outbox } = real.claim;
    const blobs = outbox.map(({ firstOffset }) => firstOffset);
    return { real: { epoch, nextOffset, released, armed, blobs }, model: model.found };
  }

  private async due({ real, model }: Pair, { tenants, through, except, limit }: DueStep): Promise<Answers> {
    const queries = tenants.map((tenant) => ({ tenant, through, except }));
    return {
      real: await unlessEnded(async () => [await real.due(queries, limit), [...(await real.earliest(queries))].sort()]),
      model: model.ended ? ENDED : [this.model.due(queries, limit), this.model.earliest(queries).toSorted()],
    };
  }

  /** Reads are for the newest session only: an older one that has not heard of it may mix old and new. */
  private sessionOf(step: Exclude<Step, { ask: 'claim' }>): Pair | null {
    const of: Which = 'of' in step ? step.of : step.ask === 'late' ? 'former' : 'newest';
    return of === 'newest' ? this.newest : this.former;
  }
}

const ENDED = 'ended';

async function unlessEnded(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ConcurrencyConflict) return ENDED;
    throw error;
  }
}

function commitOf(step: CommitStep, nextOffset: number): EngineCommit {
  const from = nextOffset - (step.behind ? 1 : 0);
  return aCommit(
    { nextOffset: from },
    {
      // Not where the log stands already: that would be taken for a commit whose answer was lost.
      nextOffset: from + step.records + (step.behind ? 1 : 0),
      states: step.states.map(([name, packed]) => aState(name, { packed, version: from })),
      deadlines: step.deadlines.map(([name, due]) => aDeadline(name, due)),
      totals: step.totals.map(([tenant, delta]) => ({ tenant, name: 'deadlines', delta })),
      publishedThrough: step.published,
      outbox: step.blob ? { firstOffset: from, bytes: Uint8Array.of(from & 255) } : null,
    },
  );
}
