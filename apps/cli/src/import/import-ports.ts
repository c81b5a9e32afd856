/** The ports of an import over a connection. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Emission } from '@perennial/contracts';
import type { EngineView, ImportLog, ImportPorts } from '@perennial/importer';
import type { LogProducer } from '@perennial/stream';
import type { Connection } from '../connection';
import { drained } from '../main-job/drained';
import { sendInPieces } from '../send-in-pieces';

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
