/**
 * Databases are used once they are known to be right: of this release's schema, and holding these partitions of this log.
 *
 * 1. No partition of a database is claimed before.
 * 2. A database that is away keeps its own partitions waiting and no others, at start too.
 * 3. One that answers at start and is not right ends the start. One that turns out so later stops its partitions.
 */
import type { EngineEnvironment } from '@perennial/config';
import { TOPIC } from '@perennial/contracts';
import type { EngineStore } from '@perennial/engine';
import type { Startup } from '@perennial/host';
import { checkLayout, type Databases, type GroupDatabase, type Layout, migrate, type Tls } from '@perennial/store';
import { type LogAdmin, topicSpecs } from '@perennial/stream';
import { InvariantViolation, RetryableError } from '@perennial/values';

type LogLayout = Pick<Layout, 'topic' | 'partitions' | 'cluster'>;

interface Steps {
  readonly migrate: () => Promise<void>;
  readonly check: () => Promise<void>;
}

/** The databases of one engine: each is brought to this release's schema, and tied to the log, before it is used. */
export class Preparation {
  private readonly steps: ReadonlyMap<string, Steps>;
  private log: LogLayout | null = null;

  constructor({ groups }: Databases, tls: Tls | undefined) {
    this.steps = new Map(groups.map((group) => [group.name, this.stepsOf(group, tls)]));
  }

  /** Brings those that answer to this release's schema. Throws when none does. */
  async migrate(): Promise<void> {
    await oneAtLeast([...this.steps.values()].map((steps) => steps.migrate()));
  }

  /** Ties those that answer to the log. Throws when none does. */
  async check(log: LogLayout): Promise<void> {
    this.log = log;
    await oneAtLeast([...this.steps.values()].map((steps) => steps.check()));
  }

  /** The store of a database, which claims nothing before the database is right. */
  guard({ name }: GroupDatabase, store: EngineStore): EngineStore {
    return {
      ...store,
      claim: async (partition, owner) => {
        await this.steps.get(name)?.check();
        return store.claim(partition, owner);
      },
    };
  }

  private stepsOf({ name, url, database, first, last }: GroupDatabase, tls: Tls | undefined): Steps {
    const migrated = once(async () => {
      await migrate(url, tls);
    });
    const checked = once(async () => {
      await migrated();
      if (this.log === null) throw new InvariantViolation('ENGINE.LOG_UNKNOWN', `The ${name} came before its log.`);
      await checkLayout(database, { ...this.log, first, last }, name);
    });
    return { migrate: migrated, check: checked };
  }
}

/** Brings schema and topics into being, and ties databases and log to each other; waits for those that are away. Closes `admin`. */
export async function prepare(
  { prefix, partitions, replication }: EngineEnvironment['topics'],
  admin: LogAdmin,
  preparation: Preparation,
  startup: Startup,
): Promise<void> {
  await startup.untilAvailable(() => preparation.migrate());
  await startup.untilAvailable(() => admin.connect());
  await startup.untilAvailable(() => admin.createTopics(topicSpecs('', partitions, replication)));
  const cluster = await startup.untilAvailable(() => admin.clusterId());
  const topic = `${prefix}${TOPIC.activity}`;
  await startup.untilAvailable(() => preparation.check({ topic, partitions, cluster }));
  await admin.close();
}

/** Until it has worked; who comes while it is under way waits for the same run. */
function once(work: () => Promise<void>): () => Promise<void> {
  let run: Promise<void> | null = null;
  return () => {
    run ??= work().catch((error: unknown) => {
      run = null;
      throw error;
    });
    return run;
  };
}

/** Waits for all. Throws what waiting does not mend, else, when none has worked, why. */
async function oneAtLeast(works: readonly Promise<void>[]): Promise<void> {
  const answers = await Promise.allSettled(works);
  const failed = answers.filter((answer) => answer.status === 'rejected');
  const refused = failed.find(({ reason }) => !(reason instanceof RetryableError));
  if (refused !== undefined) throw refused.reason;
  const [first] = failed;
  if (first !== undefined && failed.length === works.length) throw first.reason;
}
