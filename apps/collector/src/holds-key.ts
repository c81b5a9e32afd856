import type { OutRecord } from '@perennial/contracts';

/** Whether a write key stands anywhere in a record: it must not reach the log, where every reader of the topic sees it. */
export function holdsKey({ key, value, headers }: OutRecord, writeKey: string): boolean {
  const inJson = JSON.stringify(writeKey).slice(1, -1);
  return (
    holds(value, inJson) ||
    holds(key, writeKey) ||
    headers.some((header) => holds(header.name, writeKey) || holds(header.value, writeKey))
  );
}

function holds(bytes: string | Uint8Array | null, text: string): boolean {
  if (bytes === null || typeof bytes === 'string') return bytes?.includes(text) === true;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text);
}
