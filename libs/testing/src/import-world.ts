/** What an import needs, in memory: a log that any call may fail to reach, and an engine that has always read all of it. */
import {
  type Command,
  commandRecord,
  decodeRecord,
  type LogRecord,
  type OutRecord,
  storedHeaders,
  TOPIC,
  valueBytes,
} from '@perennial/contracts';
import { DEFAULT_TENANT, type Instant, partitionFor, type TenantId } from '@perennial/values';
import type { ImportedHistory, ImportPorts, ImportStatuses, PartitionTenant, PastRow } from '@perennial/importer';
import { signing } from './engine-run';
import { fakeImportStatuses } from './import-statuses';

/** The importer's process has ended here. */
export class Killed extends Error {}

/** Time between two appends, in ms. */
const TICK = 1;

export class ImportWorld {
  /** Of each partition. */
  readonly logs: readonly LogRecord[][];
  readonly statuses: ImportStatuses = fakeImportStatuses();
  readonly said: string[] = [];
  /** The step at which the importer is killed next, counted from 1; null: it is not. */
  killAt: number | null = null;
  /** Steps of the importer so far. */
  steps = 0;
  /** Partitions in which the engine obeys no command. */
  deaf: readonly number[] = [];
  /** How often a clock has to be sent until nothing is due. */
  rounds = 1;
  private number = 0;

  constructor(
    readonly partitions: number,
    /** Wall time. */
    public now: Instant,
    definition: string,
    readonly tenant: TenantId = DEFAULT_TENANT,
  ) {
    this.logs = Array.from({ length: partitions }, () => []);
    this.command({ type: 'perennial.command.publish-definition.v1', tenant, source: definition });
  }

  /** A command of somebody else, to every partition. */
  command(command: Command): void {
    const number = ++this.number;
    for (let partition = 0; partition < this.partitions; partition++)
      this.append(signing.sign(commandRecord(TOPIC.activity, partition, command), number));
  }

  ports(): ImportPorts {
    const { statuses } = this;
    return {
      statuses: {
        ...statuses,
        update: (name, change) => this.step(() => statuses.update(name, change)),
      },
      log: { send: (records) => this.send(records) },
      engine: {
        published: () => Promise.resolve(new Map(this.logs.map((log, partition) => [partition, log.length]))),
        drained: () => this.step(() => Promise.resolve()),
        tenant: () => Promise.resolve(this.known()),
        dueCount: (_, through) => Promise.resolve(Math.max(0, this.rounds - this.clocksAt(through))),
      },
      signing,
      nextNumber: () => this.step(() => Promise.resolve(++this.number)),
      time: { now: () => this.now, monotonic: () => this.now, wait: () => Promise.resolve() },
      onProgress: () => undefined,
      say: (line) => void this.said.push(line),
      signal: new AbortController().signal,
    };
  }

  /** What the log holds that can be read, of all partitions one after the other. */
  decoded() {
    return this.logs.flatMap((log) => log.map((record) => decodeRecord(record)));
  }

  /** Commands of a partition, in order, but for publications. */
  commands(partition = 0): readonly Command[] {
    return (this.logs[partition] ?? []).flatMap((record) => {
      const decoded = decodeRecord(record);
      return decoded.kind === 'command' && decoded.command.type !== 'perennial.command.publish-definition.v1'
        ? [decoded.command]
        : [];
    });
  }

  /** Times of the clock records of a partition, in order. */
  clocks(partition = 0): readonly Instant[] {
    return (this.logs[partition] ?? []).flatMap((record) => {
      const decoded = decodeRecord(record);
      return decoded.kind === 'clock' ? [decoded.clock.at] : [];
    });
  }

  private async send(records: readonly OutRecord[]): Promise<ReadonlyMap<number, number>> {
    const half = Math.floor(records.length / 2);
    const written = async (some: readonly OutRecord[]): Promise<void> => {
      for (const record of some) this.append(record);
      return Promise.resolve();
    };
    await this.step(() => written(records.slice(0, half)));
    await this.step(() => written(records.slice(half)));
    return new Map(this.logs.map((log, partition) => [partition, log.length - 1]));
  }

  private append(record: OutRecord): void {
    const key = record.key === null ? null : new TextEncoder().encode(record.key as string);
    const partition = record.partition ?? partitionFor(String(record.key), this.partitions);
    const log = this.logs[partition] ?? [];
    const headers = storedHeaders(record.headers);
    this.now += TICK;
    log.push({ offset: log.length, timestamp: this.now, key, value: valueBytes(record), headers });
  }

  /** Two steps: the importer may be killed before the effect, and after it. */
  private async step<T>(effect: () => Promise<T>): Promise<T> {
    this.count();
    const result = await effect();
    this.count();
    return result;
  }

  private count(): void {
    this.steps += 1;
    if (this.steps === this.killAt) throw new Killed(`at step ${this.steps}`);
  }

  private known(): readonly PartitionTenant[] {
    return this.logs.flatMap((_, partition) => (this.deaf.includes(partition) ? [] : [this.stateOf(partition)]));
  }

  private stateOf(partition: number): PartitionTenant {
    let state: PartitionTenant['state'] = { source: { kind: 'wall' }, bootstrap: { kind: 'off' } };
    for (const command of this.commands(partition)) {
      if (command.type === 'perennial.command.set-time-source.v1') state = { ...state, source: command.source };
      if (command.type === 'perennial.command.start-bootstrap.v1') state = { ...state, bootstrap: { kind: 'all' } };
      if (command.type === 'perennial.command.end-bootstrap.v1') state = { ...state, bootstrap: { kind: 'off' } };
    }
    return { partition, state, clockAt: this.clocks(partition).at(-1) ?? null };
  }

  private clocksAt(through: Instant): number {
    return this.clocks().filter((at) => at >= through).length;
  }
}

/** A history of these rows, in order of time, handed out by the handful. */
export function pastOf(rows: readonly PastRow[], fingerprint = 'of the rows'): ImportedHistory {
  return {
    name: 'orders.csv',
    total: rows.length,
    newest: rows.at(-1)?.at ?? null,
    fingerprint,
    // eslint-disable-next-line @typescript-eslint/require-await -- as a reader of files
    activities: async function* (skip = 0) {
      for (let first = skip; first < rows.length; first += 7) yield rows.slice(first, first + 7);
    },
  };
}
