import { StateRows } from '@perennial/engine';
import { openDatabase } from '@perennial/store';
import { DEFAULTS } from '../../libs/store/src/engine-store';
import { appendStateLog } from '../../libs/store/src/sql/state-log';
import { bind } from '../../libs/store/src/statement';
import { States } from '../../libs/store/src/states/states';
import type { Layout } from './layout';

/** What the product does (ADR 0017), with its limits: each micro-batch appends one row to a log, checkpoints write the rows. */
export const log: Layout = {
  name: 'log',
  open: (url, partitions) => {
    const database = openDatabase({ url, connections: partitions + 1, applicationName: 'bench log' });
    const states = new States(database, DEFAULTS);
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    for (const partition of all) states.claimed(partition, []);
    return Promise.resolve({
      write: async (partition, offset, changed) => {
        await states.room(partition);
        const rows = StateRows.of(changed);
        await database.transaction([bind(appendStateLog, partition, offset, rows.bytes)]);
        states.appended(partition, offset, rows);
      },
      settle: async () => {
        await Promise.all(all.map((partition) => states.settle(partition)));
      },
      close: () => database.close(),
    });
  },
};
