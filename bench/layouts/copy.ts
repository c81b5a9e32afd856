import { Client } from 'pg';
import { CopyIn, copyFrames } from './copy-in';
import type { Layout } from './layout';

const TEMPORARY =
  'CREATE TEMPORARY TABLE changed (partition integer, key text COLLATE "C", stage text, version bigint, packed bytea) ON COMMIT DELETE ROWS';
const COPY = 'COPY changed FROM STDIN (FORMAT binary)';
/** As `writeStates` (store/session/statements/states.ts) has it, from the table instead of parameters. */
const MERGE = `
INSERT INTO customer_state (partition, key, stage, version, packed)
SELECT partition, key, stage, version, packed FROM changed
ON CONFLICT (partition, key) DO UPDATE
SET stage = excluded.stage, version = excluded.version, packed = excluded.packed
WHERE customer_state.version < excluded.version`;

/** Each micro-batch is copied in binary into a temporary table and merged from there; one connection for each partition. */
export const copy: Layout = {
  name: 'copy',
  open: async (url, partitions) => {
    const clients = Array.from({ length: partitions }, () => new Client({ connectionString: url }));
    for (const client of clients) {
      await client.connect();
      await client.query(TEMPORARY);
    }
    return {
      write: async (partition, _offset, states) => {
        const client = clients[partition];
        if (client === undefined) throw new RangeError(`no partition ${partition}`);
        const inKeyOrder = states.toSorted((a, b) => (a.key < b.key ? -1 : 1));
        await client.query('BEGIN');
        await client.query(new CopyIn(COPY, copyFrames(partition, inKeyOrder))).done;
        await client.query({ name: 'merge', text: MERGE });
        await client.query('COMMIT');
      },
      settle: () => Promise.resolve(),
      close: async () => {
        await Promise.all(clients.map((client) => client.end()));
      },
    };
  },
};
