/**
 * Sizes in bytes, as Kafka stores a record before it is compressed (record batch, magic 2:
 * https://kafka.apache.org/documentation/#recordbatch). Never less than what is stored; a little more where lengths are short.
 */
import { type Emission, isFact } from './emission';
import type { OutRecord } from './log-record';

/** Of a record beside key, value and headers: its length, attributes, two deltas and three lengths, each at its longest. */
const RECORD_FRAMING_BYTES = 36;
/** Of a header beside name and value: two lengths of up to five bytes. */
const HEADER_FRAMING_BYTES = 10;
/** Of a batch beside its records. */
export const BATCH_FRAMING_BYTES = 61;
/** Of a fact beside its customer, who is in key, value and headers. An estimate: whoever writes the bytes measures them. */
const FACT_BYTES = 800;

/** What a record takes in a batch. */
export function recordBytes(record: Pick<OutRecord, 'key' | 'value' | 'headers'>): number {
  return RECORD_FRAMING_BYTES + envelopeBytes(record) + byteLength(record.value);
}

/** Names, values and framing of all headers. */
function headerBytes({ headers }: Pick<OutRecord, 'headers'>): number {
  let bytes = 0;
  for (const { name, value } of headers) bytes += byteLength(name) + byteLength(value) + HEADER_FRAMING_BYTES;
  return bytes;
}

/** Key and headers: what {@link MAX_ENVELOPE_BYTES} bounds. */
export function envelopeBytes(record: Pick<OutRecord, 'key' | 'headers'>): number {
  return byteLength(record.key) + headerBytes(record);
}

/** As {@link recordBytes}; of a fact that is not written out yet an estimate. */
export function emissionBytes(emission: Emission): number {
  return isFact(emission) ? FACT_BYTES + 3 * byteLength(emission.stamp.customer) : recordBytes(emission);
}

/** Bytes in UTF-8; 0 for null. */
export function byteLength(piece: string | Uint8Array | null): number {
  if (typeof piece !== 'string') return piece?.length ?? 0;
  let bytes = piece.length;
  for (let index = 0; index < piece.length; index++) {
    const unit = piece.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate is half of a character of four bytes; alone it is written as U+FFFD, of three.
    bytes += unit < 0x800 || isPaired(piece, index, unit) ? 1 : 2;
  }
  return bytes;
}

function isPaired(text: string, index: number, unit: number): boolean {
  if (unit >= 0xd800 && unit < 0xdc00) return isLow(text.charCodeAt(index + 1));
  return isLow(unit) && isHigh(text.charCodeAt(index - 1));
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;
