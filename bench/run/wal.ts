import { query } from './database';

/** Bytes of write-ahead log that the server has written so far, other databases' included. */
export async function walBytes(url: string): Promise<number> {
  const [row] = await query<{ bytes: string }>(url, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes");
  return Number(row?.bytes);
}
