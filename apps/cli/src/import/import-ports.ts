/** The ports of an import over a connection. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Emission } from '@perennial/contracts';
import type { EngineView, ImportLog, ImportPorts, PhaseProgress } from '@perennial/importer';
import type { LogProducer } from '@perennial/stream';
import { openLateProgress, openProgress, type Progress } from '@perennial/command-line';
import type { Connection } from '../connection';
import { sendInPieces } from '../log-producer';
import { drained } from '../main-job/drained';

export type ImportConnection = Pick<
  Connection,
  'log' | 'reports' | 'published' | 'imports' | 'signing' | 'numbers' | 'partitions' | 'takeTurn'
>;

export function importPorts(
  connection: ImportConnection,
  producer: LogProducer,
  tools: Pick<ImportPorts, 'onProgress' | 'say' | 'signal'>,
): ImportPorts {
  const { imports, signing, numbers } = connection;
  const { signal } = tools;
  return {
    ...tools,
    statuses: imports,
    log: importLog(producer),
    engine: engineView(connection, tools),
    signing,
    nextNumber: () => numbers.next(),
    time: { now: Date.now, monotonic: () => performance.now(), wait: (ms) => wait(ms, undefined, { signal }) },
  };
}

function importLog(producer: LogProducer): ImportLog {
  return {
    send: async (records) => {
      const ends = new Map<number, number>();
      const remembering = {
        send: async (piece: readonly Emission[]) => {
          const acknowledged = await producer.send(piece);
          for (const { partition, baseOffset } of acknowledged) ends.set(partition, baseOffset);
          return acknowledged;
        },
      };
      await sendInPieces(remembering, records);
      return ends;
    },
  };
}

function engineView(connection: ImportConnection, { say, signal }: Pick<ImportPorts, 'say' | 'signal'>): EngineView {
  const { reports } = connection;
  return {
    published: async () => {
      const rows = await reports.progress();
      return new Map(rows.map((row) => [row.partition, row.oldestUnpublished ?? row.nextOffset]));
    },
    drained: () => drained(connection, signal, { say }),
    tenant: async (tenant) => (await reports.tenants()).filter(({ state }) => state.tenant === tenant),
    dueCount: (tenant, through) => reports.dueCount(tenant, through),
  };
}

/** Progress of an import's phases on stderr: one display after the other. */
interface ImportDisplay {
  readonly update: (progress: PhaseProgress) => void;
  /** Ends the display; to be called whatever happens. */
  readonly stop: () => void;
}

interface Shown extends Pick<PhaseProgress, 'phase' | 'total'> {
  readonly progress: Progress;
}

/** `title`: what the activities are, in one or two words. */
export function openImportDisplay(title: string): ImportDisplay {
  let shown: Shown | null = null;
  const stop = (): void => {
    shown?.progress.stop();
    shown = null;
  };
  return {
    update: ({ phase, done, total }) => {
      if (shown?.phase !== phase || shown.total !== total) {
        stop();
        shown = { phase, total, progress: open(phase, title, done, total) };
      }
      shown.progress.update(done);
    },
    stop,
  };
}

function open(phase: PhaseProgress['phase'], title: string, from: number, total: number): Progress {
  return phase === 'activities'
    ? openProgress({ title, unit: 'activities', total, from })
    : openLateProgress({ title: 'the past', unit: 'deadlines', total });
}
