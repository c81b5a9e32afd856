import { stat } from 'node:fs/promises';
import { excerpt, InvalidInput } from '@perennial/values';

const PACKED = /\.(gz|zip|bz2|xz|zst|7z)$/i;
const ENDINGS = '.csv, .ndjson, .jsonl, .parquet or .sql';

/** What is wrong with an input that is neither a file of a history by its ending nor a query, and the remedy. */
export async function otherInput(input: string): Promise<InvalidInput> {
  const shown = `"${excerpt(input, 80)}"`;
  if ((await stat(input).catch(() => null))?.isDirectory() === true)
    return new InvalidInput('HISTORY.UNREADABLE', `The input ${shown} is a folder. Name a file in it.`);
  return new InvalidInput('HISTORY.UNKNOWN_INPUT', `${shown} ${flawOf(input)}`);
}

function flawOf(input: string): string {
  if (PACKED.test(input))
    return `is compressed: unpack it to a file that ends in ${ENDINGS}; gzip and zstd may stay (.csv.gz, .ndjson.zst).`;
  return (
    `is neither a file that ends in ${ENDINGS} nor a DuckDB query; give such a file, or a query that starts with SELECT, ` +
    'WITH, FROM or VALUES.'
  );
}
