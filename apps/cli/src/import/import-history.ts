/**
 * Imports a history: puts the tenant into bootstrap and event time, sends the activities in order, then the clock.
 *
 * Invariants
 * 1. Progress is stored only after the log acknowledged what it counts; a resumed import sends again at most what was
 *    unacknowledged, and the engine knows that for repeats (see `chunk.ts`).
 * 2. The clock is sent when every activity is acknowledged, so it comes after all of them in every partition.
 * 3. A finished import sends nothing.
 * 4. Its clock records are newer than those of all imports before: their epoch is drawn from the database at each start.
 * 5. One importer at a time: the caller holds the turn; should it be lost half way, the stored progress is not what this
 *    importer wrote, and it stops.
 */
import {
  activityRecord,
  type ClockNumber,
  clockRecord,
  type Command,
  commandRecord,
  ConcurrencyConflict,
  formatInstant,
  type Instant,
  type OutRecord,
  type TenantId,
  TOPIC,
} from '@perennial/contracts';
import type { Signing } from '@perennial/engine';
import type { History, PastActivity } from '@perennial/history';
import type { ImportProgress, Imports, Reports, SignedNumbers } from '@perennial/store';
import type { LogProducer } from '@perennial/stream';
import { sendInPieces } from '../send-in-pieces';
import { chunksOf } from './chunk';

const CHUNK = 2_000;

export interface Import {
  readonly name: string;
  readonly tenant: TenantId;
  readonly history: History;
  /** YAML. */
  readonly definition: string;
  readonly partitions: number;
}

export interface ImportTools {
  readonly producer: LogProducer;
  readonly imports: Imports;
  readonly reports: Reports;
  readonly signing: Signing;
  readonly numbers: SignedNumbers;
  readonly now: () => Instant;
  /** Resolves when the engine has committed everything that is in the activity topic. */
  readonly drained: () => Promise<void>;
  readonly onProgress: (sent: number) => void;
  /** Ends the import between two chunks; it can be resumed. */
  readonly signal: AbortSignal;
}

export interface Imported {
  /** Activities sent by this run. */
  readonly sent: number;
}

type Phase = 'activities' | 'clock' | 'done';

export async function importHistory(job: Import, tools: ImportTools): Promise<Imported> {
  const { name, history } = job;
  const begun = await tools.imports.progress(name);
  const phase = (begun?.phase ?? 'activities') as Phase;
  if (phase === 'done' || history.newest === null) return { sent: 0 };
  const ledger = ledgerOf(job, tools, begun);
  if (begun === null) await begin(job, tools, ledger, history.newest);
  const acknowledged = begun?.acknowledged ?? 0;
  if (phase === 'activities') await sendActivities(job, tools, ledger, acknowledged);
  await sendClocks(job, tools, history.newest);
  await command(job, tools, { type: 'perennial.command.end-bootstrap.v1', tenant: job.tenant, customers: null });
  await ledger(history.total, 'done');
  return { sent: history.total - acknowledged };
}

async function begin(job: Import, tools: ImportTools, ledger: Ledger, newest: Instant): Promise<void> {
  const { tenant, definition } = job;
  const aheadMs = newest - tools.now();
  await command(job, tools, { type: 'perennial.command.publish-definition.v1', tenant, source: definition });
  await command(job, tools, {
    type: 'perennial.command.set-time-source.v1',
    tenant,
    source: { kind: 'event', aheadMs },
  });
  await command(job, tools, { type: 'perennial.command.start-bootstrap.v1', tenant, customers: null });
  await ledger(0, 'activities');
}

async function sendActivities(job: Import, tools: ImportTools, ledger: Ledger, acknowledged: number): Promise<void> {
  let sent = acknowledged;
  tools.onProgress(sent);
  for await (const chunk of chunksOf(job.history.activities(acknowledged), CHUNK)) {
    tools.signal.throwIfAborted();
    await sendInPieces(
      tools.producer,
      chunk.map((past) => recordOf(job.tenant, past)),
    );
    sent += chunk.length;
    await ledger(sent, 'activities');
    tools.onProgress(sent);
  }
  await ledger(sent, 'clock');
}

/** Repeats the clock until nothing is due any more: one record fires a bounded number of deadlines. */
async function sendClocks(job: Import, tools: ImportTools, at: Instant): Promise<void> {
  const scope = { kind: 'tenant', tenant: job.tenant } as const;
  const epoch = await tools.numbers.next();
  let counter = 0;
  do {
    tools.signal.throwIfAborted();
    counter += 1;
    const number = { processor: 'importer', epoch, counter } as const;
    await toAll(job, tools, number, (partition) => clockRecord(TOPIC.activity, partition, { scope, at }));
    await tools.drained();
  } while ((await tools.reports.dueCount(job.tenant, at)) > 0);
}

async function command(job: Import, tools: ImportTools, body: Command): Promise<void> {
  const number = await tools.numbers.next();
  await toAll(job, tools, number, (partition) => commandRecord(TOPIC.activity, partition, body));
}

/** Signs and sends a record to every partition, under one number. */
async function toAll(
  { partitions }: Pick<Import, 'partitions'>,
  { producer, signing }: Pick<ImportTools, 'producer' | 'signing'>,
  number: ClockNumber | number,
  record: (partition: number) => OutRecord,
): Promise<void> {
  await producer.send(Array.from({ length: partitions }, (_, partition) => signing.sign(record(partition), number)));
}

/** Where progress is written down. Refuses once somebody else has done so meanwhile (invariant 5). */
type Ledger = (acknowledged: number, phase: Phase) => Promise<void>;

function ledgerOf({ name, history }: Import, { imports }: ImportTools, begun: ImportProgress | null): Ledger {
  let written = begun;
  const isAt = (current: ImportProgress | null, at: ImportProgress | null): boolean =>
    current?.acknowledged === at?.acknowledged && current?.phase === at?.phase;
  return async (acknowledged, phase) => {
    const next = { total: history.total, acknowledged, phase };
    written = await imports.update(name, (current) => {
      if (isAt(current, written) || isAt(current, next)) return next;
      throw new ConcurrencyConflict(
        'CLI.IMPORT_TWICE',
        `The import ${name} is being done by another process, too. Let one of them end, then start again.`,
      );
    });
  };
}

function recordOf(tenant: TenantId, { customer, at, id, type, event, properties }: PastActivity): OutRecord {
  const { groupId, previousId } = properties;
  const message = {
    type,
    ...(id === null ? {} : { messageId: id }),
    userId: customer,
    ...(event === null ? {} : { event }),
    timestamp: formatInstant(at),
    ...(type === 'identify' || type === 'group' ? { traits: properties } : { properties }),
    ...(type === 'group' ? { groupId } : {}),
    ...(type === 'alias' ? { previousId } : {}),
  };
  return activityRecord(tenant, message as Parameters<typeof activityRecord>[1]);
}
