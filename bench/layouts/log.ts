import { StateRows } from '@perennial/processor';
import { openDatabase } from '@perennial/store';
import { appendStateLog } from '../../libs/store/src/session/statements/states';
import { bind } from '../../libs/store/src/postgres/statement';
import { CheckpointQueue, DEFAULTS, StateLog } from '../../libs/store/src/session/state-log';
import type { Layout } from './layout';

/** What the product does (ADR 0017), with its limits: each micro-batch appends one row to a log, checkpoints write the rows. */
export const log: Layout = {
  name: 'log',
  open: (url, partitions) => {
    const database = openDatabase({ url, connections: partitions + 1, applicationName: 'bench log' });
    const checkpoints = new CheckpointQueue();
    const logs = Array.from(
      { length: partitions },
      (_, partition) => new StateLog(database, partition, checkpoints, DEFAULTS, []),
    );
    return Promise.resolve({
      write: async (partition, offset, changed) => {
        await logs[partition]?.awaitCapacity();
        const rows = StateRows.of(changed);
        await database.transaction([bind(appendStateLog, partition, offset, rows.bytes)]);
        logs[partition]?.appended(offset, rows);
      },
      settle: async () => {
        await Promise.all(logs.map((states) => states.flush()));
      },
      close: () => database.close(),
    });
  },
};
