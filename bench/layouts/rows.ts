import { openDatabase } from '@perennial/store';
import { writeStatements } from '../../libs/store/src/session/statements/states';
import type { Layout } from './layout';

/** Each micro-batch writes the rows of its customers, with the statement that checkpoints use. */
export const rows: Layout = {
  name: 'rows',
  open: (url, partitions) => {
    const database = openDatabase({ url, connections: partitions, applicationName: 'bench rows' });
    return Promise.resolve({
      write: async (partition, _offset, states) => {
        await database.transaction(writeStatements(partition, states));
      },
      settle: () => Promise.resolve(),
      close: () => database.close(),
    });
  },
};
