import { DEFAULT_TENANT, encodeFact, TOPIC } from '@perennial/contracts';
import type { CustomerId, Fact, Instant, OutRecord } from '@perennial/contracts';
import type { CompiledDefinition } from '@perennial/definition';
import type { History, PastActivity } from '@perennial/history';
import type { Replay } from '@perennial/lifecycle';

export interface ReplayJob {
  readonly definition: CompiledDefinition;
  readonly history: Pick<History, 'total' | 'newest' | 'activities'>;
  /** The last clock; later activities are left out. Null: the newest activity's time. */
  readonly until: Instant | null;
  /** Called for each fact; null when nobody wants them, which spares writing them out. */
  readonly onFact: ((fact: OutRecord) => void) | null;
  /** Called now and then with the number of activities read. */
  readonly onProgress: (read: number) => void;
}

export interface Replayed {
  readonly replay: Replay;
  /** Activities up to the clock. */
  readonly read: number;
  /** Activities after it. */
  readonly leftOut: number;
  /** Where the clock stands; null for an empty history without `until`. */
  readonly until: Instant | null;
}

/** Takes a history through the core, then the clock. */
export async function runReplay({ definition, history, until, onFact, onProgress }: ReplayJob): Promise<Replayed> {
  const end = until ?? history.newest;
  const stamper = new Stamper(definition);
  const { Replay } = await import('@perennial/lifecycle');
  const replay = new Replay(
    definition,
    onFact === null
      ? {}
      : {
          onFact: (customer, fact) => {
            onFact(stamper.record(customer, fact));
          },
        },
  );
  let read = 0;
  for await (const page of history.activities()) {
    const within = end === null ? page : upTo(end, page);
    for (const activity of within) {
      stamper.next(activity.at);
      replay.take(activity, activity.at);
    }
    read += within.length;
    onProgress(read);
    if (within.length < page.length) break;
  }
  if (end !== null) {
    stamper.next(end);
    replay.finish(end);
  }
  return { replay, read, leftOut: history.total - read, until: end };
}

/** Activities come in order of time. */
function upTo(end: Instant, page: readonly PastActivity[]): readonly PastActivity[] {
  const first = page.findIndex(({ at }) => at > end);
  return first < 0 ? page : page.slice(0, first);
}

/** Stamps facts as if the inputs stood in one partition from offset 0 on, each appended at its own time. */
class Stamper {
  private offset = -1;
  private decidedAt = 0;
  private index = 0;

  constructor(private readonly definition: CompiledDefinition) {}

  next(at: Instant): void {
    this.offset += 1;
    this.decidedAt = at;
    this.index = 0;
  }

  record(customer: CustomerId, fact: Fact): OutRecord {
    const { name, version } = this.definition;
    const position = { topic: TOPIC.activity, partition: 0, offset: this.offset };
    const { decidedAt } = this;
    const stamp = { tenant: DEFAULT_TENANT, customer, position, decidedAt, mode: 'history' } as const;
    return encodeFact(fact, { ...stamp, definition: { name, version } }, this.index++);
  }
}
