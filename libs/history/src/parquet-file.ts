import { open } from 'node:fs/promises';
import { InvalidInput } from '@perennial/values';
import type { HistoryFile } from './source';

/** What a Parquet file begins and ends with. Source: https://parquet.apache.org/docs/file-format/ */
const MAGIC = 'PAR1';

/** Throws `InvalidInput` when a file is no Parquet, or a part of one. */
export async function refuseOtherThanParquet({ name, file }: HistoryFile): Promise<void> {
  const { first, last } = await ends(file);
  if (first === MAGIC && last === MAGIC) return;
  const what = first === MAGIC ? 'is a Parquet file whose end is missing' : 'is no Parquet file';
  throw new InvalidInput(
    'HISTORY.NO_PARQUET',
    `${name} ${what}: write it again, or name it by what it is (.csv, .ndjson).`,
  );
}

async function ends(file: string): Promise<{ readonly first: string; readonly last: string }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const at = async (position: number): Promise<string> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, position);
      return buffer.toString('latin1', 0, bytesRead);
    };
    return { first: await at(0), last: await at(Math.max(size - MAGIC.length, 0)) };
  } finally {
    await handle.close();
  }
}
