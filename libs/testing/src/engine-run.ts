import {
  activityRecord,
  type Clock,
  CLOCK_TYPE,
  clockRecord,
  type Command,
  commandRecord,
  headerText,
  type LogBatch,
  type LogRecord,
  type OutRecord,
  storedHeaders,
  TOPIC,
  valueBytes,
  written,
} from '@perennial/contracts';
import { DEFAULT_TENANT, type Instant, type Json, parseKey } from '@perennial/values';
import { createEngine, type EngineObserver, type EngineStore, type Limits, Signing } from '@perennial/engine';
import { type CrashPoints } from '@perennial/processor';
import { fakeStore } from './fake-database/fake-store';
import { silentObserver } from './silent-observer';

const KEY = new TextEncoder().encode('a key for tests');
export const signing = new Signing(KEY);

/** A partition's log, written by hand; append times rise by a millisecond. */
export class WrittenLog {
  readonly records: LogRecord[] = [];

  constructor(
    private readonly partition: number,
    private readonly startsAt: Instant,
  ) {}

  append(record: Pick<OutRecord, 'key' | 'value' | 'headers'>, timestamp?: Instant): this {
    const { key } = record;
    const headers = storedHeaders(record.headers);
    const value = valueBytes(record);
    const offset = this.records.length;
    const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : key;
    this.records.push({ offset, timestamp: timestamp ?? this.startsAt + offset, key: bytes, value, headers });
    return this;
  }

  activity(
    customer: string,
    event: string,
    at: string,
    rest: { id?: string; properties?: Record<string, Json> } = {},
  ): this {
    const message = {
      type: 'track',
      messageId: rest.id ?? `m${this.records.length}`,
      userId: customer,
      event,
      timestamp: at,
      properties: rest.properties ?? {},
    };
    return this.append(activityRecord(DEFAULT_TENANT, message as Parameters<typeof activityRecord>[1]));
  }

  command(command: Command): this {
    return this.append(signing.sign(commandRecord(TOPIC.activity, this.partition, command), this.records.length));
  }

  clock(clock: Clock): this {
    const processor = clock.scope.kind === 'live' ? 'lifecycle-engine' : 'importer';
    const number = { processor, epoch: 0, counter: this.records.length } as const;
    return this.append(signing.sign(clockRecord(TOPIC.activity, this.partition, clock), number));
  }
}

export interface EngineRun {
  /** Default: `test`. */
  readonly owner?: string;
  /** The installation's key; default: that of `signing`. */
  readonly key?: Uint8Array;
  /** Partitions of the log; default 1. */
  readonly partitions?: number;
  readonly store?: EngineStore;
  readonly limits?: Partial<Limits>;
  readonly observer?: Partial<EngineObserver>;
  readonly crash?: CrashPoints;
  readonly now?: () => Instant;
}

/** Everything the engine publishes when it reads this log of one partition to its end. Clock records of its own go nowhere. */
export async function readThrough(
  log: Pick<WrittenLog, 'records'>,
  partition: number,
  run: EngineRun = {},
): Promise<OutRecord[]> {
  const published: OutRecord[] = [];
  const end = new Ending();
  const store = run.store ?? fakeStore();
  const engine = createEngine({
    owner: run.owner ?? 'test',
    partitions: run.partitions ?? 1,
    key: run.key ?? KEY,
    store,
    publisher: {
      publish: (emissions) => {
        const records = emissions.map(written);
        published.push(...records.filter(({ headers }) => headerText(headers, 'ce_type') !== CLOCK_TYPE));
        return Promise.resolve();
      },
    },
    flow: { pause: () => undefined, resume: () => undefined, seek: () => undefined, halt: () => undefined },
    time: { now: run.now ?? Date.now, monotonic: () => performance.now(), after },
    observer: silentObserver({
      ...run.observer,
      batch: (number, batch) => {
        run.observer?.batch?.(number, batch);
        end.passed(batch.records);
      },
      stopped: (number, reason) => {
        run.observer?.stopped?.(number, reason);
        end.failed(reason);
      },
    }),
    ...(run.crash === undefined ? {} : { crash: run.crash }),
    limits: run.limits ?? {},
  });
  const start = (await engine.claim([partition])).get(partition) ?? 0;
  const records = log.records.slice(start);
  engine.receive(aBatch(partition, records, { fromOffset: start }));
  await end.after(records.length);
  await engine.stop(Infinity);
  return published;
}

/** A delivery of these records; by default it begins with the first and ends behind the last. */
export function aBatch(
  partition: number,
  records: readonly LogRecord[],
  ends: { readonly fromOffset?: number; readonly nextOffset?: number } = {},
): LogBatch {
  const { fromOffset = records[0]?.offset ?? 0 } = ends;
  const { nextOffset = (records.at(-1)?.offset ?? fromOffset - 1) + 1 } = ends;
  const bytes = records.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
  return { topic: TOPIC.activity, partition, records, bytes, fromOffset, nextOffset, highWatermark: nextOffset };
}

/** Resolves when so many records were committed; rejects when the partition stopped. */
class Ending {
  private committed = 0;
  private expected = Number.POSITIVE_INFINITY;
  private readonly promise: Promise<void>;
  private resolve: () => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  passed(records: number): void {
    this.committed += records;
    if (this.committed >= this.expected) this.resolve();
  }

  failed(reason: string): void {
    this.reject(new Error(`the partition stopped: ${reason}`));
  }

  after(records: number): Promise<void> {
    this.expected = records;
    this.passed(0);
    return this.promise;
  }
}

/** The customers that records are about, with their values as text. */
export function byCustomer(records: readonly OutRecord[], topic: string): Map<string, string[]> {
  const facts = new Map<string, string[]>();
  for (const record of records.filter((candidate) => candidate.topic === topic)) {
    const customer = parseKey(String(record.key))?.customer ?? '';
    facts.set(customer, [...(facts.get(customer) ?? []), new TextDecoder().decode(valueBytes(record) ?? undefined)]);
  }
  return facts;
}

/** Waits are over soon; what would take for ever never ends. */
function after(ms: number, call: () => void): () => void {
  if (ms === Infinity) return () => undefined;

  const handle = setImmediate(call);
  return () => {
    clearImmediate(handle);
  };
}
